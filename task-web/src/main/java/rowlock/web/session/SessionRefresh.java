/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import rowlock.limit.FailureLog;
import rowlock.web.issuer.Refreshed;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.seal.Seal;

/**
 * Replaces the tokens of a session: once, however many requests ask for it on however many servers.
 * Requests of one server join the refresh that is under way; servers take turns at a lock of the
 * database, and who gets it later finds the work done. The row itself stays free meanwhile: a
 * logout that the issuer sends during the refresh must not wait for it.
 */
final class SessionRefresh {

  private static final Logger log = LoggerFactory.getLogger(SessionRefresh.class);

  // Longer than a refresh that is asked for twice can take.
  private static final int WAIT_SECONDS = 14;

  private final ConcurrentMap<String, CompletableFuture<SessionState>> underWay =
      new ConcurrentHashMap<>();
  private final SessionStore store;
  private final TransactionTemplate transactions;
  private final TokenEndpoint issuer;
  private final FailureLog failures;
  private final SessionMetrics metrics;

  SessionRefresh(
      SessionDatabase database,
      Seal seal,
      TokenEndpoint issuer,
      FailureLog failures,
      SessionMetrics metrics) {
    this.store = new SessionStore(database.refreshes(), seal, failures);
    this.failures = failures;
    this.transactions = database.refreshTransactions();
    this.issuer = issuer;
    this.metrics = metrics;
  }

  /** The session with tokens newer than these; unknown when issuer or database are away. */
  SessionState of(WebSession old) {
    String key = old.secret().cookie() + " " + old.generation();
    CompletableFuture<SessionState> mine = new CompletableFuture<>();
    CompletableFuture<SessionState> others = underWay.putIfAbsent(key, mine);
    if (others != null) {
      return await(others);
    }
    try {
      SessionState result = locked(old);
      mine.complete(result);
      return result;
    } finally {
      mine.complete(new SessionState.Unknown()); // unless it is complete
      underWay.remove(key);
    }
  }

  private SessionState locked(WebSession old) {
    try {
      SessionState result =
          transactions.execute(
              status -> {
                store.lock(old.secret());
                return refresh(old);
              });
      return result == null ? new SessionState.Unknown() : result;
    } catch (DataAccessException | TransactionException away) {
      failures.warn(log, "A refresh has to wait for the database", away.getClass().getSimpleName());
      return new SessionState.Unknown();
    }
  }

  private SessionState refresh(WebSession old) {
    SessionState now = store.find(old.secret());
    if (!(now instanceof SessionState.Live live)
        || live.session().generation() != old.generation()) {
      return now; // ended, or somebody else was faster
    }
    return switch (issuer.refresh(live.session().tokens(), live.session().identity())) {
      case Refreshed.Done done -> {
        store.replace(live.session(), done.tokens(), done.identity());
        yield store.find(old.secret()); // it may have been ended meanwhile
      }
      case Refreshed.Refused refused -> {
        if (store.end(old.secret(), EndReason.ENDED)) {
          metrics.ended(EndReason.ENDED, 1);
        }
        yield store.find(old.secret());
      }
      case Refreshed.Away away -> new SessionState.Unknown();
    };
  }

  private static SessionState await(CompletableFuture<SessionState> others) {
    try {
      return others.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException tooLong) {
      return new SessionState.Unknown();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new SessionState.Unknown();
    }
  }
}
