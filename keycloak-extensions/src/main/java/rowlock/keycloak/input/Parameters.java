/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a query or an {@code application/x-www-form-urlencoded} body. */
final class Parameters {
  /** The server's own limit for forms. */
  static final int MAX_COUNT = 1000;

  /** Copied to a cookie, which cannot contain control characters. */
  private static final Set<String> LOCALES = Set.of("kc_locale", "ui_locales");

  /** The server reads the header of these tokens without checking that there is one. */
  private static final Set<String> TOKENS =
      Set.of("access_token", "assertion", "client_assertion", "subject_token");

  private Parameters() {}

  /**
   * Returns why a query is rejected, or null if it is accepted. Rejects control characters, which
   * no OAuth parameter may contain (RFC 6749 appendix A).
   */
  static @Nullable Rejection checkQuery(String query) {
    return check(query, false);
  }

  /**
   * Returns why a form is rejected, or null if it is accepted. Rejects only NUL among the control
   * characters: a form may have fields with several lines.
   */
  static @Nullable Rejection checkForm(String form) {
    return check(form, true);
  }

  private static @Nullable Rejection check(String encoded, boolean form) {
    var count = 0;
    for (var start = 0; start <= encoded.length(); ) {
      var ampersand = encoded.indexOf('&', start);
      var end = ampersand < 0 ? encoded.length() : ampersand;
      if (++count > MAX_COUNT) {
        return Rejection.badRequest("Too many parameters.");
      }
      var rejection = checkOne(encoded.substring(start, end), form);
      if (rejection != null) {
        return rejection;
      }
      start = end + 1;
    }
    return null;
  }

  private static @Nullable Rejection checkOne(String parameter, boolean form) {
    var separator = parameter.indexOf('=');
    var name =
        EncodedText.decode(separator < 0 ? parameter : parameter.substring(0, separator), true);
    var value = EncodedText.decode(separator < 0 ? "" : parameter.substring(separator + 1), true);
    if (name == null || value == null) {
      return Rejection.badRequest("A parameter is not percent-encoded UTF-8.");
    }
    var strict = !form || LOCALES.contains(name);
    if (isForbidden(name, strict) || isForbidden(value, strict)) {
      return Rejection.badRequest("A parameter contains a control character.");
    }
    if (TOKENS.contains(name) && JwsHeader.isMalformed(value)) {
      return Rejection.badRequest("A token is malformed.");
    }
    return null;
  }

  private static boolean isForbidden(String text, boolean strict) {
    return strict ? EncodedText.hasControl(text) : text.indexOf('\0') >= 0;
  }
}
