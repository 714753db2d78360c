/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import io.swagger.v3.oas.annotations.Operation;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.owner.Owner;
import rowlock.api.token.StepUp;

/**
 * Deletes everything that the API stores for its owner. The path is not that of the list, so that a
 * client that forgets the id of a task does not delete all of them.
 */
@RestController
@TaskScope
final class TaskErasureController {
  private final TaskRepository tasks;

  TaskErasureController(TaskRepository tasks) {
    this.tasks = tasks;
  }

  @DeleteMapping("/api/{owner}")
  @StepUp(maxAge = 300)
  @Operation(
      summary = "Delete all tasks",
      description = "Requires a login within the last five minutes (RFC 9470).")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteAll(Owner owner) {
    tasks.deleteAll(owner.id());
  }
}
