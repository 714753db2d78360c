/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import rowlock.limit.ClientBlock;
import rowlock.limit.RefusalLog;
import rowlock.settings.ClientSettings;

/**
 * The security log: counts each refused authentication and event, and writes one JSON line for it
 * within a rate limit. The number of suppressed lines is written in a line of its own. The keys are
 * stable: {@code time}, {@code event}, {@code reason}, {@code client}, {@code kid}, {@code
 * client_id}; {@code claim} follows if one claim of a validly signed token is the cause. No line
 * contains a token, a part of one, an e-mail address or a name.
 */
@Component
public final class SecurityLog {
  private static final int SUMMARY_SECONDS = 5;

  private final RefusalLog<Refusal> log;
  private final FailureBudget budget;

  SecurityLog(
      ClientSettings settings,
      FailureBudget budget,
      MeterRegistry metrics,
      Clock clock,
      Ticker ticker) {
    this.budget = budget;
    this.log =
        new RefusalLog<>(
            Refusal.class,
            settings.logLinesPerMinute(),
            reason ->
                Counter.builder("rowlock.authentication.refused")
                    .description("Refused requests")
                    .tag("reason", reason.code())
                    .register(metrics),
            clock,
            ticker);
  }

  /**
   * Records a refused authentication, and counts it against the budget of the client if the reason
   * does.
   *
   * @param reason the reason
   * @param address network address of the client
   * @param kid the key id of the token, as sent; it is sanitized here
   * @param clientId the OAuth client of the token, only if the signature is valid
   */
  public void refused(
      Refusal reason, @Nullable String address, @Nullable String kid, @Nullable String clientId) {
    refused(reason, address, kid, clientId, null);
  }

  /**
   * Records a refused authentication as {@link #refused(Refusal, String, String, String)} does.
   *
   * @param claim the name of the claim that is missing or not accepted; null if the reason is not
   *     one claim
   */
  public void refused(
      Refusal reason,
      @Nullable String address,
      @Nullable String kid,
      @Nullable String clientId,
      @Nullable String claim) {
    var client = ClientBlock.of(address);
    if (reason.spendsBudget()) {
      budget.spend(client);
    }
    var details = details(kid, clientId);
    if (claim != null) {
      details.put("claim", claim);
    }
    log.record("authentication_refused", reason, client, address, details);
  }

  /**
   * Records a rejected security event, and counts it against the event budget of the client.
   *
   * @param reason the reason
   * @param address network address of the sender; null if the event was polled
   * @param kid the key id of the event, as sent; it is sanitized here
   */
  public void eventRefused(Refusal reason, @Nullable String address, @Nullable String kid) {
    var client = ClientBlock.of(address);
    if (address != null && reason.spendsBudget()) {
      budget.spendEvent(client);
    }
    log.record("security_event_refused", reason, client, address, details(kid, null));
  }

  /** Writes the number of suppressed lines by reason, if there are any. */
  @PreDestroy
  @Scheduled(fixedDelay = SUMMARY_SECONDS, timeUnit = TimeUnit.SECONDS)
  void summarize() {
    log.summarize();
  }

  private static Map<String, @Nullable String> details(
      @Nullable String kid, @Nullable String clientId) {
    Map<String, @Nullable String> details = new LinkedHashMap<>();
    details.put("kid", kid);
    details.put("client_id", clientId);
    return details;
  }
}
