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
 * Maps database failures to problems by SQLSTATE: revoked tokens, replayed proofs, and transient
 * failures. Other failures remain internal errors.
 */
@Component
final class DatabaseProblems implements ProblemMapping {
  /** Raised by {@code rowlock.enter} if the session or the account is revoked. */
  private static final String REVOKED = "TA401";

  /** Raised by {@code rowlock.enter} if another request has used the proof of possession. */
  private static final String REPLAYED = "TA409";

  /** Raised by {@code rowlock.enter} if it cannot determine whether the proof has been used. */
  private static final String UNKNOWN_USE = "TA503";

  /** A statement that writes in a READ ONLY transaction, or on a standby. */
  private static final String READ_ONLY = "25006";

  // Lost connection, serialization failure, out of resources, shutdown or timeout, disk.
  private static final Set<String> TRANSIENT_CLASSES = Set.of("08", "40", "53", "57", "58");
  // A lock timeout; a server that has become a standby.
  private static final Set<String> TRANSIENT_STATES = Set.of("55P03", READ_ONLY, UNKNOWN_USE);

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final SecurityLog log;

  DatabaseProblems(SecurityLog log) {
    this.log = log;
  }

  @Override
  public @Nullable ProblemException problemOf(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return problemOf(sql);
      }
    }
    return null;
  }

  private @Nullable ProblemException problemOf(SQLException failure) {
    var state = String.valueOf(failure.getSQLState());
    if (state.equals(REVOKED)) {
      log.refused(Refusal.REVOKED, clientAddress(), null, clientId());
      return new ProblemException(ApiProblem.INVALID_TOKEN);
    }
    if (state.equals(REPLAYED)) {
      log.refused(Refusal.PROOF_REPLAYED, clientAddress(), null, clientId());
      return new ProblemException(ApiProblem.INVALID_DPOP_PROOF);
    }
    if (state.equals(READ_ONLY) && Owner.isBound()) {
      var missingScope = Owner.current().missingScope();
      if (missingScope != null) {
        log.refused(Refusal.WRITE_WITHOUT_SCOPE, clientAddress(), null, clientId(), "scope");
        return ApiProblem.insufficientScope(missingScope);
      }
    }
    // The exception of the pool after a connection timeout may have no SQLSTATE.
    var passes =
        failure instanceof SQLTransientConnectionException
            || TRANSIENT_STATES.contains(state)
            || TRANSIENT_CLASSES.contains(state.substring(0, 2));
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
