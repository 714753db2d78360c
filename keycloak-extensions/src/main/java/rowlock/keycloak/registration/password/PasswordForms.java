/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The spellings under which a password is looked up. The whole password counts, never a word inside
 * it (NIST SP 800-63B-4 §3.1.1.2): a passphrase with a common word in it is fine, a common password
 * with a capital, a year and an exclamation mark is not.
 */
final class PasswordForms {
  private static final int MOST_BEFORE = 2;
  private static final int MOST_AFTER = 5;
  private static final String LEET = "01345789@$!|";
  private static final String PLAIN = "oleastbgasil";
  private static final Pattern DECORATION =
      Pattern.compile(
          "^[^\\p{L}]{0,%d}(\\p{L}.{3,}?\\p{L})[^\\p{L}]{0,%d}$".formatted(MOST_BEFORE, MOST_AFTER),
          Pattern.DOTALL);
  private static final int SHORTEST_UNIT = 4;

  private PasswordForms() {}

  /**
   * At most ten forms: as it is, in lower case, with letters for the signs that look like them,
   * each also without up to two signs before and five after a word, and without being said twice.
   */
  static Set<String> of(String password) {
    var forms = new LinkedHashSet<String>();
    var plain = lower(password);
    forms.add(plain);
    forms.add(unit(plain));
    undecorated(plain, forms);
    var read = leet(plain);
    forms.add(read);
    undecorated(read, forms);
    undecorated(unit(plain), forms);
    return forms;
  }

  /** As lists are kept: one Unicode form, lower case. */
  static String lower(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** Whether it is one step over and over: {@code 1234567890ab} no, {@code 456789} yes. */
  static boolean isPattern(String password) {
    var text = lower(password);
    return text.length() > 1 && (unit(text).length() < SHORTEST_UNIT || isRun(text));
  }

  /** Whether it is this word, with up to two signs before and five after it that are no letters. */
  static boolean isWord(String form, String word) {
    var start = form.indexOf(word);
    var rest = start < 0 ? 0 : form.length() - start - word.length();
    return start >= 0
        && start <= MOST_BEFORE
        && rest <= MOST_AFTER
        && (form.substring(0, start) + form.substring(start + word.length()))
            .chars()
            .noneMatch(Character::isLetter);
  }

  private static boolean isRun(String text) {
    var step = text.charAt(1) - text.charAt(0);
    if (Math.abs(step) > 1) {
      return false;
    }
    for (var i = 2; i < text.length(); i++) {
      // 9 is followed by 0 on every keyboard
      var wrapped = text.charAt(i - 1) == '9' && text.charAt(i) == '0' && step == 1;
      if (text.charAt(i) - text.charAt(i - 1) != step && !wrapped) {
        return false;
      }
    }
    return true;
  }

  private static void undecorated(String text, Set<String> forms) {
    var matcher = DECORATION.matcher(text);
    if (matcher.matches()) {
      forms.add(matcher.group(1));
      forms.add(leet(matcher.group(1)));
    }
  }

  private static String leet(String text) {
    var read = new StringBuilder(text);
    for (var i = 0; i < read.length(); i++) {
      var sign = LEET.indexOf(read.charAt(i));
      if (sign >= 0) {
        read.setCharAt(i, PLAIN.charAt(sign));
      }
    }
    return read.toString();
  }

  /** What the text says over and over; the text itself if it says it once. */
  private static String unit(String text) {
    for (var length = 1; length <= text.length() / 2; length++) {
      if (text.length() % length == 0
          && text.equals(text.substring(0, length).repeat(text.length() / length))) {
        return text.substring(0, length);
      }
    }
    return text;
  }
}
