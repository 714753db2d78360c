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
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import rowlock.limit.FailureLog;

/** Turns what a controller, or Spring on the way to one, throws into a problem. */
public final class ProblemResolver implements HandlerExceptionResolver, Ordered {

  private static final Logger log = LoggerFactory.getLogger(ProblemResolver.class);
  private static final int MAX_CAUSES = 16;

  private final ProblemWriter problems;
  private final FailureLog failures;
  private final List<ProblemMapping> mappings;

  /**
   * @param mappings what the service knows about failures, in the order in which they are asked
   */
  public ProblemResolver(
      ProblemWriter problems, FailureLog failures, List<ProblemMapping> mappings) {
    this.problems = problems;
    this.failures = failures;
    this.mappings = List.copyOf(mappings);
  }

  /** Before Spring's own resolvers, behind those of packages that know better. */
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
      return null; // the security filters have the right answer
    }
    if (failure instanceof AsyncRequestNotUsableException) {
      return new ModelAndView(); // the client is gone
    }
    if (response.isCommitted()) {
      return null; // a part of an answer was sent, which must not look like all of it
    }
    ProblemException problem = problemOf(failure);
    if (problem == null) {
      failures.error(log, "A request failed", failure);
      problem = new ProblemException(HttpProblem.INTERNAL_ERROR);
    }
    try {
      problems.write(response, problem);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    return new ModelAndView();
  }

  private @Nullable ProblemException problemOf(Exception failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    for (ProblemMapping mapping : mappings) {
      ProblemException problem = mapping.problemOf(failure);
      if (problem != null) {
        return problem;
      }
    }
    return switch (failure) {
      // A query that is not percent-encoded as it should be, or has too many parameters.
      case InvalidParameterException query -> new ProblemException(HttpProblem.BAD_REQUEST);
      // A control character in a header or parameter; the message repeats it, so nothing is logged.
      case RequestRejectedException hostile -> new ProblemException(HttpProblem.BAD_REQUEST);
      case ErrorResponse spring -> ofSpring(spring);
      default -> ofAnnotation(failure);
    };
  }

  private @Nullable ProblemException ofAnnotation(Exception failure) {
    ResponseStatus status =
        AnnotatedElementUtils.findMergedAnnotation(failure.getClass(), ResponseStatus.class);
    return status == null ? null : new ProblemException(problems.ofStatus(status.code().value()));
  }

  /** Only the status and what Spring computed for the headers, such as Allow; none of its texts. */
  private @Nullable ProblemException ofSpring(ErrorResponse spring) {
    int status = spring.getStatusCode().value();
    if (status == 500) {
      return null;
    }
    HttpHeaders given = spring.getHeaders();
    Map<String, String> headers = new LinkedHashMap<>();
    given.forEach((name, values) -> headers.put(name, String.join(", ", values)));
    return new ProblemException(problems.ofStatus(status), List.of(), headers);
  }
}
