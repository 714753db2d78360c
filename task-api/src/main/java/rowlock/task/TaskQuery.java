/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import rowlock.problem.FieldError;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/**
 * What a client asks of a list.
 *
 * @param limit tasks on a page, 1 to 200
 * @param cursor where the page begins
 * @param status which tasks
 * @param text what title or description contains, in the canonical form that {@link TaskStore}
 *     compares; null for any
 */
record TaskQuery(int limit, TaskCursor cursor, Status status, @Nullable String text) {

  static final int LARGEST_PAGE = 200;
  private static final int PAGE = 50;
  private static final int LONGEST_NAME = 64;
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
   * @throws ProblemException naming a parameter that is unknown, repeated or has no such value: a
   *     misspelt filter that is ignored would show rows that were not asked for
   */
  static TaskQuery of(Map<String, List<String>> parameters) {
    TaskQuery query = new TaskQuery(PAGE, TaskCursor.START, Status.ALL, null);
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      if (parameter.getValue().size() != 1) {
        throw refused(parameter.getKey(), "must be given once");
      }
      query = query.with(parameter.getKey(), parameter.getValue().getFirst());
    }
    return query;
  }

  private TaskQuery with(String name, String value) {
    return switch (name) {
      case "limit" -> new TaskQuery(limit(value), cursor, status, text);
      case "cursor" ->
          new TaskQuery(
              limit,
              TaskCursor.parse(value)
                  .orElseThrow(() -> refused(name, "must be the nextCursor of a page")),
              status,
              text);
      case "status" -> new TaskQuery(limit, cursor, status(value), text);
      case "q" -> new TaskQuery(limit, cursor, status, text(value));
      default -> throw refused(name, "is not a parameter of this list");
    };
  }

  private static int limit(String value) {
    if (value.matches("[0-9]{1,3}")) {
      int limit = Integer.parseInt(value);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    throw refused("limit", "must be a number from 1 to 200");
  }

  private static Status status(String value) {
    for (Status status : Status.values()) {
      if (status.text().equals(value)) {
        return status;
      }
    }
    throw refused("status", "must be all, open or completed");
  }

  private static String text(String value) {
    int length = value.codePointCount(0, value.length());
    if (Blanks.isBlank(value) || length > LONGEST_TEXT || value.indexOf('\0') >= 0) {
      throw refused("q", "must be 1 to " + LONGEST_TEXT + " characters, not only blanks");
    }
    return Blanks.strip(value);
  }

  private static ProblemException refused(String name, String detail) {
    String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return new ProblemException(
        HttpProblem.BAD_REQUEST,
        List.of(new FieldError("", "query parameter " + shown + " " + detail)));
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
