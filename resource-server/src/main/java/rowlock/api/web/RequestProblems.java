/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import rowlock.problem.FieldError;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemMapping;

/** Maps failures to read a request, its body or its parameters, to problems. */
final class RequestProblems implements ProblemMapping {
  private static final int MAX_CAUSES = 16;

  /** Maps the limits of the server, which no exception handler of an application can lift. */
  static @Nullable ProblemException ofLimits(Throwable failure) {
    var cause = failure;
    for (var depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof ContentTooLargeException) {
        return new ProblemException(HttpProblem.CONTENT_TOO_LARGE);
      }
      if (cause instanceof SocketTimeoutException) {
        return new ProblemException(
            HttpProblem.REQUEST_TIMEOUT, List.of(), Map.of("Connection", "close"));
      }
    }
    return null;
  }

  @Override
  public @Nullable ProblemException problemOf(Throwable failure) {
    return switch (failure) {
      case HttpMessageNotReadableException unreadable -> JsonProblems.of(unreadable.getCause());
      case BindException invalid -> invalid(invalid);
      case MethodArgumentTypeMismatchException mismatch ->
          new ProblemException(HttpProblem.BAD_REQUEST);
      default -> null;
    };
  }

  private static ProblemException invalid(BindException invalid) {
    return new ProblemException(
        ApiProblem.INVALID_CONTENT,
        invalid.getFieldErrors().stream()
            .map(
                error ->
                    new FieldError(
                        "/" + error.getField().replace('.', '/'),
                        String.valueOf(error.getDefaultMessage())))
            .toList());
  }
}
