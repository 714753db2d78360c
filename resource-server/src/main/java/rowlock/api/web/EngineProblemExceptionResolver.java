/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemMapping;
import rowlock.problem.ProblemWriter;

/**
 * Answers the problems of the engine: revoked tokens, used proofs, an unavailable database, limits,
 * and every {@link ProblemException}. Exception handlers of the application do not receive them.
 */
final class EngineProblemExceptionResolver implements HandlerExceptionResolver, Ordered {
  private static final int MAX_CAUSES = 16;

  private final ProblemWriter problems;
  private final ObjectProvider<ProblemMapping> mappings;

  EngineProblemExceptionResolver(ProblemWriter problems, ObjectProvider<ProblemMapping> mappings) {
    this.problems = problems;
    this.mappings = mappings;
  }

  /** Runs before Spring's own resolvers, and after those of the domain packages. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE + 100;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (response.isCommitted()) {
      return null; // the response is committed: a partial one must not look complete
    }
    var problem = problemOf(failure);
    if (problem == null) {
      return null;
    }
    try {
      problems.write(response, problem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }

  private @Nullable ProblemException problemOf(Exception failure) {
    Throwable cause = failure;
    for (var depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    for (var mapping : mappings) {
      var problem = mapping.problemOf(failure);
      if (problem != null) {
        return problem;
      }
    }
    // last: a timeout is the client's only if no other mapping applies
    return RequestProblems.ofLimits(failure);
  }
}
