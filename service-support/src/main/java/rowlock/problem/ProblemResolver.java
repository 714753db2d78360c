/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import rowlock.limit.FailureLog;

/** Maps exceptions of controllers and of Spring MVC to problems. */
public final class ProblemResolver implements HandlerExceptionResolver, Ordered {
  private static final Logger log = LoggerFactory.getLogger(ProblemResolver.class);
  private static final int MAX_CAUSES = 16;

  private final ProblemWriter problems;
  private final FailureLog failures;
  private final List<ProblemMapping> mappings;

  /**
   * @param mappings the mappings of the service, in the order in which they are applied
   */
  public ProblemResolver(
      ProblemWriter problems, FailureLog failures, List<ProblemMapping> mappings) {
    this.problems = problems;
    this.failures = failures;
    this.mappings = List.copyOf(mappings);
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
    if (failure instanceof AuthenticationException || failure instanceof AccessDeniedException) {
      return null; // the security filters answer it
    }
    if (failure instanceof AsyncRequestNotUsableException) {
      return new ModelAndView(); // the client closed the connection
    }
    if (response.isCommitted()) {
      return null; // the response is committed: a partial one must not look complete
    }
    var problem = problemOf(failure);
    if (problem == null) {
      failures.error(log, "Request failed", failure);
      problem = new ProblemException(HttpProblem.INTERNAL_ERROR);
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
    return switch (failure) {
      // The query is not correctly percent-encoded, or has too many parameters.
      case InvalidParameterException query -> new ProblemException(HttpProblem.BAD_REQUEST);
      // A control character in a header or parameter. The message repeats it, so nothing is
      // logged.
      case RequestRejectedException hostile -> new ProblemException(HttpProblem.BAD_REQUEST);
      case ErrorResponse spring -> ofSpring(spring);
      default -> ofAnnotation(failure);
    };
  }

  private @Nullable ProblemException ofAnnotation(Exception failure) {
    var status =
        AnnotatedElementUtils.findMergedAnnotation(failure.getClass(), ResponseStatus.class);
    return status == null ? null : new ProblemException(problems.ofStatus(status.code().value()));
  }

  /**
   * Returns a problem with the status and headers that Spring computed, such as Allow, but none of
   * its texts.
   */
  private @Nullable ProblemException ofSpring(ErrorResponse spring) {
    var status = spring.getStatusCode().value();
    if (status == 500) {
      return null;
    }
    var given = spring.getHeaders();
    Map<String, String> headers = new LinkedHashMap<>();
    given.forEach((name, values) -> headers.put(name, String.join(", ", values)));
    return new ProblemException(problems.ofStatus(status), List.of(), headers);
  }
}
