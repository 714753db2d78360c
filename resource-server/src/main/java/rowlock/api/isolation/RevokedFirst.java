/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
 * A token that has been cut off is answered 401, whatever else is wrong with its request. Good
 * requests ask the ledger together with their first statement; one that fails before it has run any
 * asks here.
 */
@Component
final class RevokedFirst implements HandlerExceptionResolver, Ordered {

  private static final String ASKED = RevokedFirst.class.getName() + ".asked";

  private final OwnerScopedDataSource rows;
  private final DatabaseProblems database;
  private final ProblemWriter problems;

  RevokedFirst(OwnerScopedDataSource rows, DatabaseProblems database, ProblemWriter problems) {
    this.rows = rows;
    this.database = database;
    this.problems = problems;
  }

  /** To be called when {@code rowlock.enter} has let a statement through. */
  static void noteThatLedgerWasAsked() {
    RequestAttributes request = RequestContextHolder.getRequestAttributes();
    if (request != null) {
      request.setAttribute(ASKED, true, RequestAttributes.SCOPE_REQUEST);
    }
  }

  /** Behind those that may run a statement themselves, before whoever answers. */
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
    ProblemException refusal = refusal();
    if (refusal == null) {
      return null; // the answer is what it was going to be
    }
    try {
      problems.write(response, refusal);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    return new ModelAndView();
  }

  /** The ledger was asked and has refused, or could not be asked. */
  private static boolean isOfDatabase(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException) {
        return true;
      }
    }
    return false;
  }

  /** Null as well when the ledger cannot be asked: what the request was about stays unsaid. */
  private @Nullable ProblemException refusal() {
    try (Connection connection = rows.getConnection();
        PreparedStatement nothing = connection.prepareStatement("select 1")) {
      nothing.execute();
      return null;
    } catch (SQLException failed) {
      ProblemException problem = database.problemOf(failed);
      return problem != null && problem.type() != HttpProblem.SERVICE_UNAVAILABLE ? problem : null;
    }
  }
}
