/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import rowlock.limit.AddressBudget;
import rowlock.limit.ClientAddresses;
import rowlock.limit.ClientBlock;
import rowlock.limit.RefusalLog;
import rowlock.settings.ClientSettings;
import rowlock.web.audit.Refusal.Budget;
import rowlock.web.settings.ServerSettings;

/**
 * Records refused requests: counts each, writes a JSON line within the line limit, and counts a
 * failure of the peer address. The members of a line are {@code time}, {@code event}, {@code
 * reason}, {@code client} and {@code detail} (a key id or an OAuth error code). Thread-safe.
 *
 * <p>A request of another site's page counts against no budget of browsers, because the user has
 * not chosen to send it.
 */
@Component
public final class SecurityLog {
  private static final String EVENT = "request_refused";
  private static final int SUMMARY_SECONDS = 5;
  private static final int MAX_CLIENTS = 10_000;

  private final RefusalLog<Refusal> log;
  private final ClientAddresses addresses;
  private final String origin;
  private final Map<Budget, AddressBudget> budgets = new EnumMap<>(Budget.class);

  SecurityLog(
      ClientSettings clients,
      ServerSettings server,
      ClientAddresses addresses,
      MeterRegistry metrics,
      Clock clock,
      Ticker ticker) {
    this.addresses = addresses;
    this.origin = server.publicUrl().toString();
    this.log =
        new RefusalLog<>(
            Refusal.class,
            clients.logLinesPerMinute(),
            reason ->
                Counter.builder("rowlock.web.refused")
                    .description("Refused requests, by reason")
                    .tag("reason", reason.code())
                    .register(metrics),
            clock,
            ticker);
    for (var budget : Budget.values()) {
      budgets.put(budget, new AddressBudget(clients.failuresPerMinute(), MAX_CLIENTS, ticker));
    }
  }

  /**
   * Records a refused request and counts it against the budget of the peer address.
   *
   * @param detail key id or OAuth error code as sent, or null
   * @return zero if the request is to be answered as usual; the time to wait if the budget was
   *     spent before: then the answer is 429
   */
  public Duration refused(Refusal reason, HttpServletRequest request, @Nullable String detail) {
    var budget = reason.budget();
    if (budget == null || (budget == Budget.BROWSER && isCrossSite(request))) {
      write(reason, request, detail);
      return Duration.ZERO;
    }
    var wait = admit(budget, request);
    if (wait.isZero()) {
      write(reason, request, detail);
      budget(budget).spend(ClientBlock.of(addresses.of(request)));
    }
    return wait;
  }

  /**
   * Checks the budget before a request is processed, and records a request that exceeds it.
   *
   * @return the time to wait; zero if the request is admitted
   */
  public Duration admit(Budget budget, HttpServletRequest request) {
    var wait = untilNext(budget, request);
    if (wait.isPositive()) {
      write(Refusal.OVER_BUDGET, request, null);
    }
    return wait;
  }

  /** Returns the time until the peer address may fail again; zero if it may now. */
  public Duration untilNext(Budget budget, HttpServletRequest request) {
    return budget(budget).untilNext(ClientBlock.of(addresses.of(request)));
  }

  /**
   * Returns whether another site's page sent the request (Fetch Metadata, and the header Origin of
   * RFC 6454).
   */
  private boolean isCrossSite(HttpServletRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    var from = request.getHeader("Origin");
    return (site != null && !site.equals("same-origin") && !site.equals("none"))
        || (from != null && !from.equals(origin));
  }

  /** Writes the number of omitted lines by reason, if any. */
  @PreDestroy
  @Scheduled(fixedDelay = SUMMARY_SECONDS, timeUnit = TimeUnit.SECONDS)
  void summarize() {
    log.summarize();
  }

  private void write(Refusal reason, HttpServletRequest request, @Nullable String detail) {
    var address = addresses.of(request);
    log.record(
        EVENT,
        reason,
        ClientBlock.of(address),
        address,
        Collections.<String, @Nullable String>singletonMap("detail", detail));
  }

  private AddressBudget budget(Budget budget) {
    return Objects.requireNonNull(budgets.get(budget));
  }
}
