/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rowlock.api.settings.EventSettings;

/** Tracks the time since the last event or response of the issuer. */
final class IssuerLiveness {

  private final EventSettings settings;
  private final Clock clock;
  private volatile @Nullable Instant heardAt;

  IssuerLiveness(EventSettings settings, Clock clock, MeterRegistry metrics) {
    this.settings = settings;
    this.clock = clock;
    Gauge.builder("rowlock.events.silence", this, IssuerLiveness::seconds)
        .description("Time since the last event or response of the issuer, on any replica")
        .baseUnit("seconds")
        .register(metrics);
  }

  private double seconds() {
    Duration length = length();
    return length == null ? Double.POSITIVE_INFINITY : length.toMillis() / 1000.0;
  }

  /** Records the time since any replica last received something. */
  void heard(Duration ago) {
    Instant at = clock.instant().minus(ago);
    Instant known = heardAt;
    if (known == null || at.isAfter(known)) {
      heardAt = at;
    }
  }

  /** Returns the time since then; null if nothing was ever received. */
  @Nullable Duration length() {
    Instant at = heardAt;
    return at == null ? null : Duration.between(at, clock.instant());
  }

  /** Returns whether the time exceeds the setting. */
  boolean isTooLong() {
    Duration length = length();
    return length == null || length.compareTo(settings.silence()) > 0;
  }

  /** Returns whether requests are to be refused. */
  boolean closes() {
    return settings.failClosed() && isTooLong();
  }
}
