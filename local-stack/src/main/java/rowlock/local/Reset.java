/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import rowlock.local.system.StackFailure;

/**
 * Deletes the local databases, so that the next start begins afresh; what was costly to build
 * stays. The same as starting with {@code ROWLOCK_RESET=true}.
 */
public final class Reset {
  private Reset() {}

  /** Resets what ROWLOCK_DATA names. */
  public static void main(String[] arguments) {
    try {
      LocalStack.reset(LocalStackSettings.from(System.getenv()));
      System.out.println("The local databases are deleted: the next start begins afresh.");
    } catch (StackFailure e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
