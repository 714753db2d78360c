/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;
import rowlock.problem.Problem;

/** Thrown if the browser's body is incomplete, too slow or too large; the API is not the cause. */
final class RequestBodyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  RequestBodyException(Problem problem, IOException cause) {
    super(cause);
    this.problem = problem;
  }

  RequestBodyException(Problem problem) {
    super(problem.title());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
