/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Adds to the answer of a problem what only the service knows. */
public interface ProblemPresentation {

  /** Adds response headers that go with the problem, such as a challenge. */
  void addHeaders(HttpServletResponse response, ProblemException problem);

  /** Returns an HTML page in UTF-8 that is sent instead of JSON; null, the default: JSON. */
  default byte @Nullable [] page(Problem problem) {
    return null;
  }
}
