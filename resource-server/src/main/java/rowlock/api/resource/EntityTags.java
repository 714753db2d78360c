/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/**
 * Entity tags of resources, {@code "v<version>"}, and the preconditions of requests (RFC 9110
 * sections 8.8.3, 13.1.1 and 13.1.2).
 */
public final class EntityTags {
  /**
   * One element of a list up to the comma behind it: one of our tags, any other tag, or nothing
   * (RFC 9110 §5.6.1.2).
   */
  private static final Pattern ELEMENT =
      Pattern.compile(
          "[ \\t]*+(?:\"v([1-9][0-9]{0,17})\"|(?:W/)?\"[\\x21\\x23-\\x7E\\x80-\\xFF]*+\")?[ \\t]*+(,|$)");

  private EntityTags() {}

  /** Returns the entity tag of a version, with its quotes. */
  public static String of(long version) {
    return "\"v" + version + "\"";
  }

  /**
   * Returns the versions that a change may start from, as an SQL array literal.
   *
   * @return null if any version is accepted: no condition, or {@code If-Match: *}
   * @throws ProblemException if a condition is malformed, or cannot be met by a change
   */
  public static @Nullable String versions(HttpServletRequest request) {
    var wanted = wanted(request);
    return wanted == null ? null : "{" + String.join(",", wanted) + "}";
  }

  /**
   * Returns whether a change may start from this version.
   *
   * @throws ProblemException as in {@link #versions}
   */
  public static boolean allows(HttpServletRequest request, long version) {
    var wanted = wanted(request);
    return wanted == null || wanted.contains(Long.toString(version));
  }

  private static @Nullable List<String> wanted(HttpServletRequest request) {
    var unless = header(request, HttpHeaders.IF_NONE_MATCH);
    if (unless != null) {
      if (unless.equals("*")) {
        return List.of(); // only while there is no such resource: never true of one that is changed
      }
      throw new ProblemException(HttpProblem.BAD_REQUEST);
    }
    var condition = header(request, HttpHeaders.IF_MATCH);
    return condition == null || condition.equals("*") ? null : versionsIn(condition);
  }

  private static @Nullable String header(HttpServletRequest request, String name) {
    var lines = Collections.list(request.getHeaders(name));
    return lines.isEmpty() ? null : String.join(",", lines).strip();
  }

  /** Skips weak tags: they are well-formed, but never match in a strong comparison. */
  private static List<String> versionsIn(String list) {
    List<String> versions = new ArrayList<>();
    var element = ELEMENT.matcher(list);
    var end = 0;
    do {
      if (!element.region(end, list.length()).lookingAt()) {
        throw new ProblemException(HttpProblem.BAD_REQUEST);
      }
      if (element.group(1) != null) {
        versions.add(element.group(1));
      }
      end = element.end();
    } while (!element.group(2).isEmpty());
    return versions;
  }
}
