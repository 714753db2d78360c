/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;

/** Describes, for the operator's log, why the API rejected an access token. */
final class RejectionCause {
  /** The auth-params of a challenge that name a cause (RFC 6750 §3, RFC 9110 §11.2). */
  private static final Pattern CAUSE =
      Pattern.compile("\\b(error|error_description|claim)=\"([ -!#-\\[\\]-~]{1,100})\"");

  private RejectionCause() {}

  /**
   * Returns the cause that the API's challenge names, and the size of the token. The result
   * contains no other part of the token.
   */
  static String of(ClassicHttpResponse answer, String token) {
    var cause = new StringBuilder();
    var challenge = answer.getFirstHeader("WWW-Authenticate");
    if (challenge != null) {
      var parameters = CAUSE.matcher(challenge.getValue());
      while (parameters.find()) {
        cause.append(parameters.group(1)).append("=").append(parameters.group(2)).append(", ");
      }
    }
    return cause
        .append("size=")
        .append(token.length())
        .append(" bytes; the line authentication_refused in the API's log has the reason")
        .toString();
  }
}
