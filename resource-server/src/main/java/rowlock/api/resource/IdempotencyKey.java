/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rowlock.problem.FieldError;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/**
 * The header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a client's
 * identifier of one creation, so that it can be retried after a lost response.
 *
 * @param value 1 to 64 visible ASCII characters, without the quotes of the header
 */
public record IdempotencyKey(String value) {

  /** The name of the header. */
  public static final String HEADER = "Idempotency-Key";

  /** The maximum length of a key in characters. */
  public static final int MAX_LENGTH = 64;

  /**
   * A string (RFC 9651 §3.3.3) without escapes, or the same characters without its quotes, which
   * many clients leave out. Parameters (RFC 9651 §3.1.2) are not accepted.
   */
  private static final Pattern KEY = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,64}");

  /**
   * Returns the key of a request, or null if the header is absent.
   *
   * @throws ProblemException {@link HttpProblem#BAD_REQUEST} when the header is malformed or sent
   *     more than once
   */
  public static @Nullable IdempotencyKey of(HttpServletRequest request) {
    var lines = Collections.list(request.getHeaders(HEADER));
    if (lines.isEmpty()) {
      return null;
    }
    var key = unquoted(lines.getFirst().strip());
    if (lines.size() > 1 || !KEY.matcher(key).matches()) {
      throw new ProblemException(
          HttpProblem.BAD_REQUEST,
          List.of(
              new FieldError(
                  "",
                  "header "
                      + HEADER
                      + " must be one string of 1 to "
                      + MAX_LENGTH
                      + " visible ASCII characters")));
    }
    return new IdempotencyKey(key);
  }

  private static String unquoted(String line) {
    var quoted = line.length() >= 2 && line.startsWith("\"") && line.endsWith("\"");
    return quoted ? line.substring(1, line.length() - 1) : line;
  }
}
