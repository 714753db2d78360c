/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Adds service-specific headers and pages to a problem response. */
public interface ProblemPresentation {
  /** Adds response headers that belong to the problem, such as a challenge. */
  void addHeaders(HttpServletResponse response, ProblemException problem);

  /** Returns an HTML page in UTF-8 to send instead of JSON; null, the default, sends JSON. */
  default byte @Nullable [] page(Problem problem) {
    return null;
  }
}
