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

/** Maps failures that are {@link Passing} to 503. */
final class TransientFailures implements ProblemMapping {

  private static final Logger log = LoggerFactory.getLogger(TransientFailures.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final FailureLog failures;

  TransientFailures(FailureLog failures) {
    this.failures = failures;
  }

  @Override
  public @Nullable ProblemException problemOf(Throwable failure) {
    if (!(failure instanceof Passing)) {
      return null;
    }
    failures.warn(log, "A request has to wait", failure.getMessage());
    return ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
  }
}
