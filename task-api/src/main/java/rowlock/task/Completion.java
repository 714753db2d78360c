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
 * Whether a task is to be completed or open, said in full, so that saying it twice does no harm.
 *
 * @param completed what it is to be
 */
@Schema(requiredProperties = "completed")
record Completion(boolean completed) {

  /**
   * @throws ProblemException when the one member is missing
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
