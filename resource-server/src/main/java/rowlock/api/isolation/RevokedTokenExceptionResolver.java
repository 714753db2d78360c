/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import rowlock.api.owner.Owner;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemWriter;

/**
 * Answers 401 for a revoked token before any other problem of the request. A successful request
 * checks the ledger with its first statement; a request that fails before its first statement
 * checks it here.
 */
@Component
final class RevokedTokenExceptionResolver implements HandlerExceptionResolver, Ordered {
  private static final String ASKED = RevokedTokenExceptionResolver.class.getName() + ".asked";

  private final OwnerScopedDataSource rows;
  private final DatabaseProblems database;
  private final ProblemWriter problems;

  RevokedTokenExceptionResolver(
      OwnerScopedDataSource rows, DatabaseProblems database, ProblemWriter problems) {
    this.rows = rows;
    this.database = database;
    this.problems = problems;
  }

  /** Called when {@code rowlock.enter} has admitted a statement. */
  static void noteThatLedgerWasAsked() {
    var request = RequestContextHolder.getRequestAttributes();
    if (request != null) {
      request.setAttribute(ASKED, true, RequestAttributes.SCOPE_REQUEST);
    }
  }

  /** Runs after resolvers that may run a statement, and before those that answer. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE + 50;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!Owner.isBound() || request.getAttribute(ASKED) != null || isOfDatabase(failure)) {
      return null;
    }
    var refusal = refusal();
    if (refusal == null) {
      return null; // other resolvers answer
    }
    try {
      problems.write(response, refusal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }

  /** Returns whether the ledger has refused, or could not be checked. */
  private static boolean isOfDatabase(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the problem of a revoked token; null if there is none or the ledger is unavailable. The
   * original problem is answered then.
   */
  private @Nullable ProblemException refusal() {
    try (var connection = rows.getConnection();
        var nothing = connection.prepareStatement("select 1")) {
      nothing.execute();
      return null;
    } catch (SQLException e) {
      var problem = database.problemOf(e);
      return problem != null && problem.type() != HttpProblem.SERVICE_UNAVAILABLE ? problem : null;
    }
  }
}
