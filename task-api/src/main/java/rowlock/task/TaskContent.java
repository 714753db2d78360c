/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rowlock.api.web.ApiProblem;
import rowlock.problem.FieldError;
import rowlock.problem.ProblemException;

/**
 * The content of a task in a request. Lengths are in Unicode code points.
 *
 * @param title 1 to 200 characters, not only blanks
 * @param description up to 1,000 characters; absent or null: none
 * @param completed absent: unchanged, or not completed if the task is new
 */
record TaskContent(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minLength = 1, maxLength = TITLE_LIMIT)
        String title,
    @Schema(nullable = true, maxLength = DESCRIPTION_LIMIT) @Nullable String description,
    @Schema(nullable = true) @Nullable Boolean completed) {

  static final int TITLE_LIMIT = 200;
  static final int DESCRIPTION_LIMIT = 1_000;

  /**
   * @throws ProblemException pointing to each member that is invalid
   */
  @JsonCreator
  static TaskContent of(
      @JsonProperty("title") @Nullable String title,
      @JsonProperty("description") @Nullable String description,
      @JsonProperty("completed") @Nullable Boolean completed) {
    List<FieldError> errors = new ArrayList<>();
    if (title == null || Blanks.isBlank(title) || isLonger(title, TITLE_LIMIT)) {
      errors.add(new FieldError("/title", "must be 1 to 200 characters, not only blanks"));
    }
    if (description != null && isLonger(description, DESCRIPTION_LIMIT)) {
      errors.add(new FieldError("/description", "must be at most 1000 characters, or null"));
    }
    if (title == null || !errors.isEmpty()) {
      throw new ProblemException(ApiProblem.INVALID_CONTENT, errors);
    }
    return new TaskContent(title, description, completed);
  }

  /** Returns a SHA-256 hash that is equal for two contents if they create the same task. */
  byte[] fingerprint() {
    try {
      var hash = MessageDigest.getInstance("SHA-256");
      for (var member :
          new String[] {title, description, Boolean.TRUE.equals(completed) ? "1" : null}) {
        var text = member == null ? new byte[0] : member.getBytes(StandardCharsets.UTF_8);
        var length = member == null ? -1 : text.length;
        hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        hash.update(text);
      }
      return hash.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isLonger(String text, int limit) {
    return text.codePointCount(0, text.length()) > limit;
  }
}
