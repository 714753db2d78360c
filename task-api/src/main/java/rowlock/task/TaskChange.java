/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import org.jspecify.annotations.Nullable;
import org.springframework.data.relational.core.mapping.Embedded;
import rowlock.api.resource.Outcome;

/**
 * The result of a statement that changes one task.
 *
 * @param found whether the owner had the task when the statement began
 * @param task the task that was changed or deleted; null if none was
 */
record TaskChange(boolean found, @Embedded.Nullable @Nullable Task task) {

  /**
   * Returns the outcome for the client.
   *
   * @param versions the versions that the change started from; null for any
   */
  Outcome<Task> outcome(@Nullable String versions) {
    if (task != null) {
      return new Outcome.Done<>(task);
    }
    // Found but not changed without a condition: it was deleted concurrently.
    return found && versions != null ? new Outcome.Stale<>() : new Outcome.Missing<>();
  }
}
