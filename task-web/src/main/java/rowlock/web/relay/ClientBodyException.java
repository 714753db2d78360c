/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;
import rowlock.web.problem.ProblemType;

/** The browser's side broke off, was too slow or sent too much: not the API's fault. */
final class ClientBodyException extends IOException {

  private static final long serialVersionUID = 1L;

  private final ProblemType problem;

  ClientBodyException(ProblemType problem, IOException cause) {
    super(cause);
    this.problem = problem;
  }

  ClientBodyException(ProblemType problem) {
    super(problem.title());
    this.problem = problem;
  }

  ProblemType problem() {
    return problem;
  }
}
