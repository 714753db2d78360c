/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import org.jspecify.annotations.Nullable;

/**
 * Maps failures to problems. All beans of this type are called before a failure is answered as an
 * internal error.
 */
@FunctionalInterface
public interface ProblemMapping {
  /**
   * @param failure the exception of a controller, with its causes
   * @return the problem, or null if this mapping does not apply
   */
  @Nullable ProblemException problemOf(Throwable failure);
}
