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
import rowlock.web.issuer.RefreshResult;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.seal.Seal;

/**
 * Refreshes the tokens of a session once for all concurrent requests on all servers. Requests of
 * one server join a running refresh. Servers take an advisory lock in turn and find the new tokens.
 * The row itself is not locked, because a back-channel logout during the refresh must not wait for
 * it.
 */
final class SessionRefresh {
  private static final Logger log = LoggerFactory.getLogger(SessionRefresh.class);

  // longer than a refresh with one retry can take
  private static final int WAIT_SECONDS = 14;

  private final ConcurrentMap<String, CompletableFuture<SessionState>> running =
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
    this.store = new SessionStore(database.refreshConnections(), seal, failures);
    this.failures = failures;
    this.transactions = database.refreshTransactions();
    this.issuer = issuer;
    this.metrics = metrics;
  }

  /**
   * Returns the session with newer tokens; unknown if the issuer or the database is unavailable.
   */
  SessionState of(WebSession old) {
    var key = old.secret().cookie() + " " + old.generation();
    CompletableFuture<SessionState> own = new CompletableFuture<>();
    var other = running.putIfAbsent(key, own);
    if (other != null) {
      return await(other);
    }
    try {
      var result = locked(old);
      own.complete(result);
      return result;
    } finally {
      own.complete(new SessionState.Unknown()); // no effect if it is complete
      running.remove(key);
    }
  }

  private SessionState locked(WebSession old) {
    try {
      var result =
          transactions.execute(
              status -> {
                store.lock(old.secret());
                return refresh(old);
              });
      return result == null ? new SessionState.Unknown() : result;
    } catch (DataAccessException | TransactionException e) {
      failures.warn(log, "Refresh failed: database unavailable", e.getClass().getSimpleName());
      return new SessionState.Unknown();
    }
  }

  private SessionState refresh(WebSession old) {
    var now = store.find(old.secret());
    if (!(now instanceof SessionState.Live live)
        || live.session().generation() != old.generation()) {
      return now; // ended, or refreshed by another server
    }
    return switch (issuer.refresh(live.session().tokens(), live.session().identity())) {
      case RefreshResult.Done done -> {
        store.replace(live.session(), done.tokens(), done.identity());
        yield store.find(old.secret()); // may have ended during the refresh
      }
      case RefreshResult.Refused refused -> {
        if (store.end(old.secret(), EndReason.ENDED)) {
          metrics.ended(EndReason.ENDED, 1);
        }
        yield store.find(old.secret());
      }
      case RefreshResult.Unavailable unavailable -> new SessionState.Unknown();
    };
  }

  private static SessionState await(CompletableFuture<SessionState> other) {
    try {
      return other.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return new SessionState.Unknown();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new SessionState.Unknown();
    }
  }
}
