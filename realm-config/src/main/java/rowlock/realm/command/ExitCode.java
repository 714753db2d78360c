/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

/** Exit codes of all commands. */
final class ExitCode {
  /** The command did what it should; a plan has no changes. */
  static final int OK = 0;

  /** An error, or invalid arguments. */
  static final int ERROR = 1;

  /** A plan has changes. */
  static final int CHANGES = 2;

  private ExitCode() {}
}
