/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameter {@code state} of an authorization request that replaces a lost one: a random value
 * and the time. It is not trusted: a forged one only prevents the replacement.
 */
final class ReplacementState {
  private static final int RADIX = Character.MAX_RADIX;

  /** Random value, separator and time; values of Spring Security contain no separator. */
  private static final Pattern FORM = Pattern.compile("[^.]+\\.([0-9a-z]{1,9})");

  private ReplacementState() {}

  static String of(String random, long now) {
    return random + "." + Long.toString(now, RADIX);
  }

  /** Returns whether an authorization request was a replacement that has not expired. */
  static boolean isRecent(@Nullable String state, long now) {
    var form = FORM.matcher(String.valueOf(state));
    return form.matches()
        && Math.abs(now - Long.parseLong(form.group(1), RADIX)) <= LoginCookies.LIFE.toSeconds();
  }
}
