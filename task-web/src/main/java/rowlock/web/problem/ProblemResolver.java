/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import rowlock.limit.FailureLog;

/** Turns whatever a controller, or Spring on the way to one, throws into a problem. */
@Component
final class ProblemResolver implements HandlerExceptionResolver, Ordered {

  private static final Logger log = LoggerFactory.getLogger(ProblemResolver.class);

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final ProblemWriter problems;
  private final FailureLog failures;

  ProblemResolver(ProblemWriter problems, FailureLog failures) {
    this.problems = problems;
    this.failures = failures;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (failure instanceof AuthenticationException
        || failure instanceof AccessDeniedException
        || response.isCommitted()) {
      return null; // the security filters, or the end of the connection, have the right answer
    }
    if (failure instanceof AsyncRequestNotUsableException) {
      return new ModelAndView(); // the client is gone
    }
    try {
      if (failure instanceof ProblemException problem) {
        answer(response, problem);
      } else if (failure instanceof Passing) {
        failures.warn(log, "A request has to wait", failure.getMessage());
        problems.writeRetry(response, ProblemType.SERVICE_UNAVAILABLE, RETRY);
      } else if (failure instanceof InvalidParameterException
          || failure instanceof RequestRejectedException) {
        // A parameter that is not percent-encoded as it should be, or a control character in one.
        problems.write(response, ProblemType.BAD_REQUEST);
      } else if (failure instanceof ErrorResponse spring && spring.getStatusCode().value() < 500) {
        spring
            .getHeaders()
            .getOrEmpty("Allow")
            .forEach(allow -> response.addHeader("Allow", allow));
        problems.write(response, ProblemType.ofStatus(spring.getStatusCode().value()));
      } else {
        failures.error(log, "A request failed", failure);
        problems.write(response, ProblemType.INTERNAL_ERROR);
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    return new ModelAndView();
  }

  private void answer(HttpServletResponse response, ProblemException problem) throws IOException {
    if (problem.type() == ProblemType.SERVICE_UNAVAILABLE) {
      problems.writeRetry(response, problem.type(), RETRY);
    } else {
      problems.write(response, problem.type(), problem.members());
    }
  }
}
