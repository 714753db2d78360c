/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.ListParameters;
import rowlock.problem.ProblemException;

/**
 * The parameters of a list.
 *
 * @param limit the number of tasks on a page, 1 to 200
 * @param cursor the position of the page
 * @param status the completion state of the tasks
 * @param text the text that title or description contains, in the canonical form that {@link
 *     TaskRepository} compares; null for any
 */
record TaskQuery(int limit, Cursor cursor, Status status, @Nullable String text) {

  static final int MAX_PAGE_SIZE = 200;
  private static final int PAGE = 50;
  private static final Set<String> PARAMETERS = Set.of("limit", "cursor", "status", "q");
  static final int MAX_TEXT_LENGTH = 100;

  /** Filters tasks by completion state. */
  enum Status {
    ALL(null),
    OPEN(false),
    COMPLETED(true);

    private final @Nullable Boolean completed;

    Status(@Nullable Boolean completed) {
      this.completed = completed;
    }

    /** Returns the required {@code completed} of a task; null for any. */
    @Nullable Boolean completed() {
      return completed;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param parameters all query parameters, with all their values
   * @throws ProblemException if a parameter is unknown, repeated or has an invalid value
   */
  static TaskQuery of(Map<String, List<String>> parameters) {
    var list = ListParameters.of(parameters, PARAMETERS);
    return new TaskQuery(
        list.limit(PAGE, MAX_PAGE_SIZE),
        list.cursor(),
        status(list.value("status")),
        text(list.value("q")));
  }

  private static Status status(@Nullable String value) {
    if (value == null) {
      return Status.ALL;
    }
    for (var status : Status.values()) {
      if (status.text().equals(value)) {
        return status;
      }
    }
    throw ListParameters.refused("status", "must be all, open or completed");
  }

  private static @Nullable String text(@Nullable String value) {
    if (value == null) {
      return null;
    }
    var length = value.codePointCount(0, value.length());
    if (Blanks.isBlank(value) || length > MAX_TEXT_LENGTH || value.indexOf('\0') >= 0) {
      throw ListParameters.refused(
          "q", "must be 1 to " + MAX_TEXT_LENGTH + " characters, not only blanks");
    }
    return Blanks.strip(value);
  }

  /** Returns the relative address of the next page. */
  String next(String path, String next) {
    var address =
        UriComponentsBuilder.fromPath(path)
            .queryParam("limit", limit)
            .queryParam("status", status.text());
    if (text != null) {
      address.queryParam("q", UriUtils.encode(text, StandardCharsets.UTF_8));
    }
    return address.queryParam("cursor", next).build(true).toUriString();
  }
}
