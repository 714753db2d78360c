/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import org.jspecify.annotations.Nullable;

/**
 * Code that returns a result or throws.
 *
 * @param <T> the result
 * @param <X> the exception
 */
@FunctionalInterface
public interface ThrowingCall<T extends @Nullable Object, X extends Exception> {
  /** Runs the code. */
  T call() throws X;
}
