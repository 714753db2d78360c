/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import org.jspecify.annotations.Nullable;

/**
 * Says which problem a failure is, for failures that only another package understands. Every bean
 * of this type is asked before a failure is answered as an internal error.
 */
@FunctionalInterface
public interface ProblemMapping {

  /**
   * @param failure what a controller threw, with its causes
   * @return the answer to give, or null when the failure is not this mapping's business
   */
  @Nullable ProblemException problemOf(Throwable failure);
}
