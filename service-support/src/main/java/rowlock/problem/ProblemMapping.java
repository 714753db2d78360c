/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import org.jspecify.annotations.Nullable;

/**
 * Maps failures that only another package understands to problems. Every bean of this type is asked
 * before a failure is answered as an internal error.
 */
@FunctionalInterface
public interface ProblemMapping {

  /**
   * @param failure what a controller threw, with its causes
   * @return the answer to give, or null when the failure is not this mapping's business
   */
  @Nullable ProblemException problemOf(Throwable failure);
}
