/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rowlock.problem.Problem;

/** The HTML of a problem, for a user whose browser navigated to it. */
public interface ProblemPage {

  /**
   * Returns the page in UTF-8, with one way forward; null if there is none.
   *
   * @param language the one that the browser prefers
   */
  byte @Nullable [] of(Problem type, Locale language);
}
