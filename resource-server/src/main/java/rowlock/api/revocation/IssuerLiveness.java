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
  private volatile @Nullable Instant receivedAt;

  IssuerLiveness(EventSettings settings, Clock clock, MeterRegistry metrics) {
    this.settings = settings;
    this.clock = clock;
    Gauge.builder("rowlock.events.silence", this, IssuerLiveness::seconds)
        .description("Time since the last event or response of the issuer, on any replica")
        .baseUnit("seconds")
        .register(metrics);
  }

  private double seconds() {
    var elapsed = elapsed();
    return elapsed == null ? Double.POSITIVE_INFINITY : elapsed.toMillis() / 1000.0;
  }

  /** Records the time since any replica last received something. */
  void received(Duration ago) {
    var at = clock.instant().minus(ago);
    var known = receivedAt;
    if (known == null || at.isAfter(known)) {
      receivedAt = at;
    }
  }

  /** Returns the time since then; null if nothing was ever received. */
  @Nullable Duration elapsed() {
    var at = receivedAt;
    return at == null ? null : Duration.between(at, clock.instant());
  }

  /** Returns whether the time exceeds {@code ROWLOCK_EVENTS_SILENCE}. */
  boolean isSilent() {
    var elapsed = elapsed();
    return elapsed == null || elapsed.compareTo(settings.silence()) > 0;
  }

  /** Returns whether requests are to be refused. */
  boolean closesRequests() {
    return settings.failClosed() && isSilent();
  }
}
