/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The security log: one count for each refused authentication or event, and one JSON line, as long
 * as lines are not too many; how many were left out is said in a line of its own. The keys never
 * change: {@code time}, {@code event}, {@code reason}, {@code client}, {@code kid}, {@code
 * client_id}. No token, no part of one, no e-mail address, no name.
 */
@Component
public final class SecurityLog {

  private static final Logger log = LoggerFactory.getLogger("rowlock.audit");
  private static final int MAX_LENGTH = 64;
  private static final int SUMMARY_SECONDS = 5;

  private final Clock clock;
  private final LineLimit lines;
  private final FailureBudget budget;
  private final Map<Refusal, Counter> counters = new EnumMap<>(Refusal.class);

  SecurityLog(Clock clock, MeterRegistry metrics, LineLimit lines, FailureBudget budget) {
    this.clock = clock;
    this.lines = lines;
    this.budget = budget;
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
   * Records a refused authentication, and takes it from the budget of the client where the reason
   * is one that counts against it.
   *
   * @param reason why
   * @param address network address of the client
   * @param kid the key the token names, as sent; it is cleaned here
   * @param clientId the OAuth client of the token, only when the signature was good
   */
  public void refused(
      Refusal reason, @Nullable String address, @Nullable String kid, @Nullable String clientId) {
    ClientBlock client = ClientBlock.of(address);
    if (reason.spendsBudget()) {
      budget.spend(client);
    }
    write("authentication_refused", reason, client, address, kid, clientId);
  }

  /**
   * Records a security event that was refused, and takes it from the budget that the client has for
   * those.
   *
   * @param reason why
   * @param address network address of the sender; null when we have asked for the event ourselves
   * @param kid the key the event names, as sent; it is cleaned here
   */
  public void eventRefused(Refusal reason, @Nullable String address, @Nullable String kid) {
    ClientBlock client = ClientBlock.of(address);
    if (address != null && reason.spendsBudget()) {
      budget.spendEvent(client);
    }
    write("security_event_refused", reason, client, address, kid, null);
  }

  private void write(
      String event,
      Refusal reason,
      ClientBlock client,
      @Nullable String address,
      @Nullable String kid,
      @Nullable String clientId) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.increment();
    }
    if (log.isWarnEnabled() && lines.admits(reason, client)) {
      log.warn(
          "{\"time\":\"{}\",\"event\":\"{}\",\"reason\":\"{}\",\"client\":\"{}\","
              + "\"kid\":\"{}\",\"client_id\":\"{}\"}",
          now(),
          event,
          reason.code(),
          clean(address),
          clean(kid),
          clean(clientId));
    }
  }

  /** Says how many lines were left out, by reason, if any were. Nothing is lost in silence. */
  @PreDestroy
  @Scheduled(fixedDelay = SUMMARY_SECONDS, timeUnit = TimeUnit.SECONDS)
  void summarize() {
    Map<Refusal, Long> withheld = lines.takeWithheld();
    if (!withheld.isEmpty()) {
      log.warn(
          "{\"time\":\"{}\",\"event\":\"refusals_not_written\",\"counts\":{{}}}",
          now(),
          withheld.entrySet().stream()
              .map(entry -> "\"" + entry.getKey().code() + "\":" + entry.getValue())
              .collect(Collectors.joining(",")));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
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
