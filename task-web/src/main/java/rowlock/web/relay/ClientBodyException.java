/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;
import rowlock.problem.Problem;

/** The browser's side broke off, was too slow or sent too much: not the API's fault. */
final class ClientBodyException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ClientBodyException(Problem problem, IOException cause) {
    super(cause);
    this.problem = problem;
  }

  ClientBodyException(Problem problem) {
    super(problem.title());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
