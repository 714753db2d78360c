/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rowlock.api.web.ApiProblem;
import rowlock.problem.FieldError;
import rowlock.problem.ProblemException;

/**
 * The requested state of a task. It is absolute, so that a repeated request has no further effect.
 *
 * @param completed the new state
 */
@Schema(requiredProperties = "completed")
record Completion(boolean completed) {

  /**
   * @throws ProblemException if the member is missing
   */
  @JsonCreator
  static Completion of(@JsonProperty("completed") @Nullable Boolean completed) {
    if (completed == null) {
      throw new ProblemException(
          ApiProblem.INVALID_CONTENT,
          List.of(new FieldError("/completed", "must be true or false")));
    }
    return new Completion(completed);
  }
}
