/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

/** What became of a change to one task. */
sealed interface TaskChange {

  /**
   * It is done.
   *
   * @param task as it is now, or as it was when it has been deleted
   */
  record Done(Task task) implements TaskChange {}

  /** The task has another version than those that the change may start from. */
  record Stale() implements TaskChange {}

  /** The owner has no such task. */
  record Missing() implements TaskChange {}
}
