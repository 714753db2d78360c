/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rowlock.problem.Problem;

/** Renders a problem as HTML, for a browser that navigated to the address. */
public interface ProblemPage {
  /**
   * Returns the page in UTF-8, with one link to continue; null if there is none.
   *
   * @param language preferred language of the browser
   */
  byte @Nullable [] of(Problem type, Locale language);
}
