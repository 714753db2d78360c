/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import rowlock.api.revocation.IssuerEventPoller.Existing;
import rowlock.api.revocation.Ledger.Backlog;
import rowlock.api.revocation.Ledger.DueErasure;
import tools.jackson.databind.json.JsonMapper;

/**
 * Erases the rows of removed accounts after their retention period. Each account is one
 * transaction, which does nothing if another replica has erased it or the account exists again.
 * Before it erases anything it asks the issuer which of the accounts exist; while the issuer is
 * unavailable, nothing is erased.
 */
final class ErasureJob {
  private static final Logger log = LoggerFactory.getLogger(ErasureJob.class);

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final int BATCH = 100;
  private static final int MAX_BATCHES = 20;

  private final IssuerEventPoller issuer;
  private final Ledger ledger;
  private final Counter erased;
  private final Counter kept;
  private final Counter failed;
  private final Counter rows;
  private volatile Backlog backlog = new Backlog(0, Duration.ZERO);

  ErasureJob(IssuerEventPoller issuer, Ledger ledger, MeterRegistry metrics) {
    this.issuer = issuer;
    this.ledger = ledger;
    this.erased = outcome(metrics, "erased");
    this.kept = outcome(metrics, "kept");
    this.failed = outcome(metrics, "failed");
    this.rows =
        Counter.builder("rowlock.erasures.rows")
            .description("Rows of removed accounts that were erased")
            .register(metrics);
    Gauge.builder("rowlock.erasures.pending", () -> backlog.pending())
        .description("Removed accounts whose rows await erasure")
        .register(metrics);
    Gauge.builder("rowlock.erasures.overdue", () -> backlog.overdue().toMillis() / 1000.0)
        .description("Time since the oldest pending erasure became due")
        .baseUnit("seconds")
        .register(metrics);
  }

  private static Counter outcome(MeterRegistry metrics, String outcome) {
    return Counter.builder("rowlock.erasures")
        .description("Removed accounts that were due for erasure")
        .tag("outcome", outcome)
        .register(metrics);
  }

  /** Reads the backlog for the metrics of this replica. */
  void measure() {
    backlog = ledger.erasureBacklog();
  }

  /**
   * Erases the rows that are due. Called after the ledger has received all events of the issuer.
   */
  void run() throws InterruptedException {
    for (var batch = 0; batch < MAX_BATCHES; batch++) {
      var due = ledger.dueErasures(BATCH);
      if (due.isEmpty()) {
        return;
      }
      var existing = existing(due);
      if (existing == null) {
        return;
      }
      for (var one : due) {
        if (existing.contains(one.account())) {
          keep(one);
        } else {
          erase(one.account());
        }
      }
      if (due.size() < BATCH) {
        return;
      }
    }
  }

  /** Returns the accounts that exist; null if the issuer did not respond. */
  private @Nullable Set<UUID> existing(List<DueErasure> due) throws InterruptedException {
    return switch (issuer.existing(due.stream().map(DueErasure::account).toList())) {
      case Existing.Known known -> known.accounts();
      // the issuer does not support the query: its events and tokens are the only source
      case Existing.Unsupported unsupported -> Set.of();
      case Existing.Failed failure -> {
        log.warn(
            "Erasure of {} removed accounts postponed: query for existing accounts failed: {}",
            due.size(),
            failure.reason());
        yield null;
      }
    };
  }

  private void keep(DueErasure due) {
    if (ledger.accountExists(due)) {
      kept.increment();
      log.info("Account {} exists at the issuer; its rows are kept", due.account());
    }
  }

  private void erase(UUID account) {
    try {
      var tables = ledger.erase(account);
      if (tables != null) {
        erased.increment();
        rows.increment(count(tables));
        log.info("Erased the rows of owner={} after their retention period: {}", account, tables);
      }
    } catch (DataAccessException e) {
      if (Ledger.isUnavailable(e)) {
        throw e;
      }
      failed.increment();
      log.error(
          "Erasure of the rows of owner={} failed: {}; retry in five minutes",
          account,
          e.getMostSpecificCause().getMessage());
      ledger.erasureFailed(account);
    }
  }

  private static long count(String tables) {
    var count = 0L;
    for (var number : JSON.readTree(tables)) {
      count += number.longValue();
    }
    return count;
  }
}
