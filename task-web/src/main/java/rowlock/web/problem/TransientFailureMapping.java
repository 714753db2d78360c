/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.limit.FailureLog;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemMapping;

/** Maps exceptions of the type {@link TransientFailure} to 503. */
final class TransientFailureMapping implements ProblemMapping {
  private static final Logger log = LoggerFactory.getLogger(TransientFailureMapping.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final FailureLog failures;

  TransientFailureMapping(FailureLog failures) {
    this.failures = failures;
  }

  @Override
  public @Nullable ProblemException problemOf(Throwable failure) {
    if (!(failure instanceof TransientFailure)) {
      return null;
    }
    failures.warn(log, "Request answered 503", failure.getMessage());
    return ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
  }
}
