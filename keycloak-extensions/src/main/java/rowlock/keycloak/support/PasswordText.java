/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * The canonical form of passwords, as in the profile OpaqueString (RFC 8265 §4.2.2): every space
 * character becomes U+0020, and the result is in Unicode normalization form C (NIST SP 800-63B-4
 * §3.1.1.2). So a password is the same on every keyboard and operating system. Form KC would also
 * make different characters equal, such as a superscript and its digit.
 *
 * <p>Nothing is removed or rejected, and the case is kept. Idempotent.
 */
public final class PasswordText {
  /** Longer passwords are unchanged, since normalization takes quadratic time. */
  private static final int MAX_LENGTH = 1_024;

  private static final Pattern OTHER_SPACE = Pattern.compile("\\p{Zs}");

  private PasswordText() {}

  /** Returns the form that is hashed and that password policies are applied to. */
  public static String canonical(String password) {
    if (password.length() > MAX_LENGTH || password.chars().allMatch(one -> one < 0x80)) {
      return password;
    }
    return Normalizer.normalize(OTHER_SPACE.matcher(password).replaceAll(" "), Normalizer.Form.NFC);
  }

  /**
   * Returns how many hashes the verification of a wrong password takes: one of the canonical form,
   * and one of what was typed if that differs.
   */
  public static int hashes(String password) {
    return canonical(password).equals(password) ? 1 : 2;
  }
}
