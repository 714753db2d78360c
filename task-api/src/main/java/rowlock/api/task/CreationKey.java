/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.task;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rowlock.api.web.ProblemException;
import rowlock.api.web.ProblemType;

/**
 * What a client calls a creation, so that it may ask again when the answer was lost (header {@code
 * Idempotency-Key}, draft-ietf-httpapi-idempotency-key-header).
 */
final class CreationKey {

  static final String HEADER = "Idempotency-Key";

  /** A string (RFC 9651 section 3.3.3) with a UUID in it; many clients leave the quotes out. */
  private static final Pattern UUID =
      Pattern.compile(
          "(\"?)(\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12})\\1");

  private CreationKey() {}

  /**
   * The key of a request, a UUID's text.
   *
   * @return null when there is none: then every request makes a task
   * @throws ProblemException when there are several, or it is no UUID
   */
  static @Nullable String of(HttpServletRequest request) {
    List<String> lines = Collections.list(request.getHeaders(HEADER));
    if (lines.isEmpty()) {
      return null;
    }
    Matcher key = UUID.matcher(lines.getFirst().strip());
    if (lines.size() > 1 || !key.matches()) {
      throw new ProblemException(ProblemType.BAD_REQUEST);
    }
    return key.group(2);
  }
}
