/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.problem.FieldError;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/**
 * The query parameters of a list. An unknown or repeated parameter is rejected: a misspelt filter
 * that is ignored would return rows that were not requested.
 */
public final class ListParameters {
  private static final int MAX_NAME_LENGTH = 64;

  private final Map<String, List<String>> parameters;

  private ListParameters(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /**
   * @param parameters all query parameters, with all their values
   * @param known the names that the list has
   * @throws ProblemException {@link HttpProblem#BAD_REQUEST} for the first parameter that is
   *     unknown or repeated
   */
  public static ListParameters of(Map<String, List<String>> parameters, Set<String> known) {
    parameters.forEach(
        (name, values) -> {
          if (values.size() != 1) {
            throw refused(name, "must be given once");
          }
          if (!known.contains(name)) {
            throw refused(name, "is not a parameter of this list");
          }
        });
    return new ListParameters(parameters);
  }

  /** Returns the value of a parameter, or null if it was not sent. */
  public @Nullable String value(String name) {
    var values = parameters.get(name);
    return values == null ? null : values.getFirst();
  }

  /**
   * Returns the parameter {@code limit}.
   *
   * @param absent the default value
   * @param largest the maximum value
   * @throws ProblemException if it is not a number from 1 to the maximum
   */
  public int limit(int absent, int largest) {
    var value = value("limit");
    if (value == null) {
      return absent;
    }
    if (value.matches("[0-9]{1,9}")) {
      var limit = Integer.parseInt(value);
      if (limit >= 1 && limit <= largest) {
        return limit;
      }
    }
    throw refused("limit", "must be a number from 1 to " + largest);
  }

  /**
   * Returns the parameter {@code cursor}, or {@link Cursor#START}.
   *
   * @throws ProblemException if it is not a cursor of this API
   */
  public Cursor cursor() {
    var text = value("cursor");
    if (text == null) {
      return Cursor.START;
    }
    var cursor = Cursor.parse(text);
    if (cursor == null) {
      throw refused("cursor", "must be the nextCursor of a page");
    }
    return cursor;
  }

  /**
   * Returns the problem of a parameter.
   *
   * @param name the parameter
   * @param detail what its value must be
   */
  public static ProblemException refused(String name, String detail) {
    var shown = name.length() > MAX_NAME_LENGTH ? name.substring(0, MAX_NAME_LENGTH) : name;
    return new ProblemException(
        HttpProblem.BAD_REQUEST,
        List.of(new FieldError("", "query parameter " + shown + " " + detail)));
  }
}
