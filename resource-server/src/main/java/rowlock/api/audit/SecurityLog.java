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
 * The security log: one count for each refused authentication or event, and one JSON line, as long
 * as lines are not too many; how many were left out is said in a line of its own. The keys never
 * change: {@code time}, {@code event}, {@code reason}, {@code client}, {@code kid}, {@code
 * client_id}; {@code claim} follows when one claim of a validly signed token is the cause. No
 * token, no part of one, no e-mail address, no name.
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
                    .description("Requests that were not let in")
                    .tag("reason", reason.code())
                    .register(metrics),
            clock,
            ticker);
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
    refused(reason, address, kid, clientId, null);
  }

  /**
   * Records a refused authentication as {@link #refused(Refusal, String, String, String)} does.
   *
   * @param claim the name of the claim that is missing or not accepted; null when the reason is not
   *     one claim
   */
  public void refused(
      Refusal reason,
      @Nullable String address,
      @Nullable String kid,
      @Nullable String clientId,
      @Nullable String claim) {
    ClientBlock client = ClientBlock.of(address);
    if (reason.spendsBudget()) {
      budget.spend(client);
    }
    Map<String, @Nullable String> details = details(kid, clientId);
    if (claim != null) {
      details.put("claim", claim);
    }
    log.record("authentication_refused", reason, client, address, details);
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
    log.record("security_event_refused", reason, client, address, details(kid, null));
  }

  /** Says how many lines were left out, by reason, if any were. Nothing is lost in silence. */
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
