/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.task;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rowlock.api.web.ProblemException;
import rowlock.api.web.ProblemType;

/** Entity tags of tasks: {@code "v<version>"} (RFC 9110 sections 8.8.3 and 13.1.1). */
final class EntityTags {

  private static final String TAG = "(?:W/)?\"[\\x21\\x23-\\x7E\\x80-\\xFF]*\"";
  private static final Pattern LIST = Pattern.compile(TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*");
  // Not W/"v1": a condition on a change compares strongly, and a weak tag never matches.
  private static final Pattern OURS = Pattern.compile("(?<!W/)\"v([1-9][0-9]{0,17})\"");

  private EntityTags() {}

  static String of(Task task) {
    return "\"v" + task.version() + "\"";
  }

  /**
   * The versions that a change may start from, as an SQL array literal.
   *
   * @param ifMatch the values of the header, as sent
   * @return null when any version will do: no header, or {@code *}
   * @throws ProblemException when the header is malformed
   */
  static @Nullable String versions(@Nullable List<String> ifMatch) {
    if (ifMatch == null || ifMatch.isEmpty()) {
      return null;
    }
    String tags = String.join(", ", ifMatch).strip();
    if (tags.equals("*")) {
      return null;
    }
    if (!LIST.matcher(tags).matches()) {
      throw new ProblemException(ProblemType.BAD_REQUEST);
    }
    return ours(tags).collect(Collectors.joining(",", "{", "}"));
  }

  /**
   * Whether a change may start from the task as it is.
   *
   * @throws ProblemException when the header is malformed
   */
  static boolean allows(List<String> ifMatch, Task task) {
    String versions = versions(ifMatch);
    return versions == null
        || ours(String.join(", ", ifMatch)).anyMatch(Long.toString(task.version())::equals);
  }

  private static Stream<String> ours(String tags) {
    Matcher ours = OURS.matcher(tags);
    return ours.results().map(tag -> tag.group(1));
  }
}
