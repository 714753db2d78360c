/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import rowlock.api.audit.Refusal;
import rowlock.api.audit.SecurityLog;
import rowlock.api.owner.Owner;
import rowlock.api.web.ApiProblem;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemMapping;

/**
 * What a failure of the database means for the client, by its SQLSTATE: cut off, or not now, or a
 * proof that is not good. Anything else is our fault and no business of the client's.
 */
@Component
final class DatabaseProblems implements ProblemMapping {

  /** {@code rowlock.enter} raises it when the ledger says that session or account are cut off. */
  private static final String CUT_OFF = "TA401";

  /** {@code rowlock.enter} raises it when another request has used the proof of possession. */
  private static final String REPLAYED = "TA409";

  /** {@code rowlock.enter} raises it when it cannot know whether the proof has been used. */
  private static final String FORGOTTEN = "TA503";

  // Lost connection, transaction to be repeated, out of resources, shutdown or timeout, disk.
  private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57", "58");
  // A lock held too long; a server that has become a standby.
  private static final Set<String> PASSING_STATES = Set.of("55P03", "25006", FORGOTTEN);

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final SecurityLog log;

  DatabaseProblems(SecurityLog log) {
    this.log = log;
  }

  @Override
  public @Nullable ProblemException problemOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return problemOf(sql);
      }
    }
    return null;
  }

  private @Nullable ProblemException problemOf(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (state.equals(CUT_OFF)) {
      log.refused(Refusal.REVOKED, clientAddress(), null, clientId());
      return new ProblemException(ApiProblem.INVALID_TOKEN);
    }
    if (state.equals(REPLAYED)) {
      log.refused(Refusal.PROOF_REPLAYED, clientAddress(), null, clientId());
      return new ProblemException(ApiProblem.INVALID_DPOP_PROOF);
    }
    // The pool's own exception, when no connection came in time, may have no SQLSTATE.
    boolean passes =
        failure instanceof SQLTransientConnectionException
            || PASSING_STATES.contains(state)
            || PASSING_CLASSES.contains(state.substring(0, 2));
    return passes ? ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY) : null;
  }

  private static @Nullable String clientId() {
    return Owner.isBound() ? Owner.current().clientId() : null;
  }

  private static @Nullable String clientAddress() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
        ? request.getRequest().getRemoteAddr()
        : null;
  }
}
