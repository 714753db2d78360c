/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.EventSettings;

/** For how long nothing has been heard of the issuer: neither an event nor an answer. */
final class Silence {

  private final EventSettings settings;
  private final Clock clock;
  private volatile @Nullable Instant heardAt;

  Silence(EventSettings settings, Clock clock, MeterRegistry metrics) {
    this.settings = settings;
    this.clock = clock;
    Gauge.builder("rowlock.events.silence", this, Silence::seconds)
        .description("Time since the issuer was heard of, by this replica or another one")
        .baseUnit("seconds")
        .register(metrics);
  }

  private double seconds() {
    Duration length = length();
    return length == null ? Double.POSITIVE_INFINITY : length.toMillis() / 1000.0;
  }

  /** Somebody has heard of it so long ago. */
  void heard(Duration ago) {
    Instant at = clock.instant().minus(ago);
    Instant known = heardAt;
    if (known == null || at.isAfter(known)) {
      heardAt = at;
    }
  }

  /** How long it is; null: the issuer was never heard of. */
  @Nullable Duration length() {
    Instant at = heardAt;
    return at == null ? null : Duration.between(at, clock.instant());
  }

  /** Whether it is longer than the setting says. */
  boolean isTooLong() {
    Duration length = length();
    return length == null || length.compareTo(settings.silence()) > 0;
  }

  /** Whether requests are to be refused. */
  boolean closes() {
    return settings.failClosed() && isTooLong();
  }
}
