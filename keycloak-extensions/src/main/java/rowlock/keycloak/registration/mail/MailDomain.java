/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain in DNS form: ASCII, lower case, no trailing dot (RFC 5890 §2.3.2.1, RFC 1034 §3.1).
 *
 * @param name at least two labels
 */
record MailDomain(String name) {
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)++");
  private static final int MAX_LENGTH = 253;

  /** Maximum length of the input: the Unicode form may be longer than the ASCII form. */
  private static final int MAX_TEXT_LENGTH = 4 * MAX_LENGTH;

  /** Returns the domain of an address, or null if it has none, or an IP address instead. */
  static @Nullable MailDomain ofAddress(String address) {
    return of(address.substring(address.lastIndexOf('@') + 1));
  }

  /**
   * Parses a domain in any script and case, with or without a trailing dot. Returns null if it is
   * invalid.
   */
  static @Nullable MailDomain of(String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      return null;
    }
    try {
      var ascii = IDN.toASCII(text.strip().replaceFirst("[.\\u3002\\uff0e\\uff61]$", ""));
      var name = ascii.toLowerCase(Locale.ROOT);
      return name.length() <= MAX_LENGTH && NAME.matcher(name).matches()
          ? new MailDomain(name)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the domain and its parents, without the top-level domain. */
  List<String> withParents() {
    var names = new ArrayList<String>();
    for (var rest = name; rest.indexOf('.') > 0; rest = rest.substring(rest.indexOf('.') + 1)) {
      names.add(rest);
    }
    return names;
  }
}
