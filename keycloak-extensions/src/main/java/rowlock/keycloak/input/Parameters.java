/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import java.util.Optional;
import java.util.Set;

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
   * Returns why a query is rejected. Rejects control characters, which no OAuth parameter may
   * contain (RFC 6749 appendix A).
   */
  static Optional<Rejection> checkQuery(String query) {
    return check(query, false);
  }

  /**
   * Returns why a form is rejected. Rejects only NUL among the control characters: a form may have
   * fields with several lines.
   */
  static Optional<Rejection> checkForm(String form) {
    return check(form, true);
  }

  private static Optional<Rejection> check(String encoded, boolean form) {
    var count = 0;
    for (var start = 0; start <= encoded.length(); ) {
      var ampersand = encoded.indexOf('&', start);
      var end = ampersand < 0 ? encoded.length() : ampersand;
      if (++count > MAX_COUNT) {
        return Optional.of(Rejection.badRequest("Too many parameters."));
      }
      var rejection = checkOne(encoded.substring(start, end), form);
      if (rejection.isPresent()) {
        return rejection;
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  private static Optional<Rejection> checkOne(String parameter, boolean form) {
    var separator = parameter.indexOf('=');
    var name =
        EncodedText.decode(separator < 0 ? parameter : parameter.substring(0, separator), true);
    var value = EncodedText.decode(separator < 0 ? "" : parameter.substring(separator + 1), true);
    if (name.isEmpty() || value.isEmpty()) {
      return Optional.of(Rejection.badRequest("A parameter is not percent-encoded UTF-8."));
    }
    var strict = !form || LOCALES.contains(name.get());
    if (isForbidden(name.get(), strict) || isForbidden(value.get(), strict)) {
      return Optional.of(Rejection.badRequest("A parameter contains a control character."));
    }
    if (TOKENS.contains(name.get()) && JwsHeader.isMalformed(value.get())) {
      return Optional.of(Rejection.badRequest("A token is malformed."));
    }
    return Optional.empty();
  }

  private static boolean isForbidden(String text, boolean strict) {
    return strict ? EncodedText.hasControl(text) : text.indexOf('\0') >= 0;
  }
}
