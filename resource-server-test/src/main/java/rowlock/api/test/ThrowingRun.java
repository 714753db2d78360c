/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

/**
 * Code without a result that may throw.
 *
 * @param <X> the exception
 */
@FunctionalInterface
public interface ThrowingRun<X extends Exception> {
  /** Runs the code. */
  void run() throws X;
}
