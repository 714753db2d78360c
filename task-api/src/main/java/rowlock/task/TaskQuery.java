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
 * What a client asks of a list.
 *
 * @param limit tasks on a page, 1 to 200
 * @param cursor where the page begins
 * @param status which tasks
 * @param text what title or description contains, in the canonical form that {@link TaskRepository}
 *     compares; null for any
 */
record TaskQuery(int limit, Cursor cursor, Status status, @Nullable String text) {

  static final int LARGEST_PAGE = 200;
  private static final int PAGE = 50;
  private static final Set<String> PARAMETERS = Set.of("limit", "cursor", "status", "q");
  static final int LONGEST_TEXT = 100;

  /** Which tasks a list shows. */
  enum Status {
    ALL(null),
    OPEN(false),
    COMPLETED(true);

    private final @Nullable Boolean completed;

    Status(@Nullable Boolean completed) {
      this.completed = completed;
    }

    /** What a task's {@code completed} must be; null when it does not matter. */
    @Nullable Boolean completed() {
      return completed;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param parameters all query parameters, with all their values
   * @throws ProblemException naming a parameter that is unknown, repeated or has no such value
   */
  static TaskQuery of(Map<String, List<String>> parameters) {
    ListParameters list = ListParameters.of(parameters, PARAMETERS);
    return new TaskQuery(
        list.limit(PAGE, LARGEST_PAGE),
        list.cursor(),
        list.value("status").map(TaskQuery::status).orElse(Status.ALL),
        list.value("q").map(TaskQuery::text).orElse(null));
  }

  private static Status status(String value) {
    for (Status status : Status.values()) {
      if (status.text().equals(value)) {
        return status;
      }
    }
    throw ListParameters.refused("status", "must be all, open or completed");
  }

  private static String text(String value) {
    int length = value.codePointCount(0, value.length());
    if (Blanks.isBlank(value) || length > LONGEST_TEXT || value.indexOf('\0') >= 0) {
      throw ListParameters.refused(
          "q", "must be 1 to " + LONGEST_TEXT + " characters, not only blanks");
    }
    return Blanks.strip(value);
  }

  /** The address of the page behind {@code next}, relative to the one of this page. */
  String next(String path, String next) {
    UriComponentsBuilder address =
        UriComponentsBuilder.fromPath(path)
            .queryParam("limit", limit)
            .queryParam("status", status.text());
    if (text != null) {
      address.queryParam("q", UriUtils.encode(text, StandardCharsets.UTF_8));
    }
    return address.queryParam("cursor", next).build(true).toUriString();
  }
}
