/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The security log: one JSON line and one count for each refused authentication. The keys never
 * change: {@code time}, {@code event}, {@code reason}, {@code client}, {@code kid}, {@code
 * client_id}. No token, no part of one, no e-mail address, no name.
 */
@Component
public final class SecurityLog {

  private static final Logger log = LoggerFactory.getLogger("rowlock.audit");
  private static final int MAX_LENGTH = 64;

  private final Clock clock;
  private final Map<Refusal, Counter> counters = new EnumMap<>(Refusal.class);

  SecurityLog(Clock clock, MeterRegistry metrics) {
    this.clock = clock;
    for (Refusal reason : Refusal.values()) {
      counters.put(
          reason,
          Counter.builder("rowlock.authentication.refused")
              .description("Requests that were not let in")
              .tag("reason", reason.code())
              .register(metrics));
    }
  }

  /**
   * Records a refused authentication.
   *
   * @param reason why
   * @param address network address of the client
   * @param kid the key the token names, as sent; it is cleaned here
   * @param clientId the OAuth client of the token, only when the signature was good
   */
  public void refused(
      Refusal reason, @Nullable String address, @Nullable String kid, @Nullable String clientId) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.increment();
    }
    if (log.isWarnEnabled()) {
      log.warn(
          "{\"time\":\"{}\",\"event\":\"authentication_refused\",\"reason\":\"{}\",\"client\":\"{}\","
              + "\"kid\":\"{}\",\"client_id\":\"{}\"}",
          clock.instant().truncatedTo(ChronoUnit.MILLIS),
          reason.code(),
          clean(address),
          clean(kid),
          clean(clientId));
    }
  }

  /** Whatever a stranger sends must not end the line, the JSON string or the disk. */
  static String clean(@Nullable String text) {
    if (text == null) {
      return "";
    }
    int length = Math.min(text.length(), MAX_LENGTH);
    StringBuilder cleaned = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || ".:_-".indexOf(c) >= 0;
      cleaned.append(plain ? c : '_');
    }
    return cleaned.toString();
  }
}
