/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import rowlock.local.system.StackFailure;

/**
 * Deletes the local databases, so that the next start creates empty ones. The cache of built
 * servers is kept. Has the same effect as a start with {@code ROWLOCK_RESET=true}.
 */
public final class Reset {
  private Reset() {}

  /** Deletes the databases below ROWLOCK_DATA. */
  public static void main(String[] arguments) {
    try {
      LocalStack.reset(LocalStackSettings.from(System.getenv()));
      System.out.println("The local databases are deleted. The next start creates empty ones.");
    } catch (StackFailure e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
