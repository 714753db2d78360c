/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

/** The outcome of a creation. */
sealed interface TaskCreation {
  /**
   * The task was created, by this request or by an earlier one with the same idempotency key.
   *
   * @param task as it is now; as it was created if it has been deleted since
   */
  record Created(Task task) implements TaskCreation {}

  /** The idempotency key belongs to a creation with other content. Nothing is changed. */
  record KeyReused() implements TaskCreation {}

  /** The owner has the maximum number of tasks. */
  record LimitReached() implements TaskCreation {}
}
