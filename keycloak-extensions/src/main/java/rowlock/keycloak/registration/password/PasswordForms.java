/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The variants of a password that are looked up. The whole password counts, never a word inside it
 * (NIST SP 800-63B-4 §3.1.1.2): a passphrase that contains a common word is accepted; a common
 * password with a capital, a year and an exclamation mark is not.
 */
final class PasswordForms {
  private static final int MAX_BEFORE = 2;
  private static final int MAX_AFTER = 5;
  private static final String LEET = "01345789@$!|";
  private static final String PLAIN = "oleastbgasil";
  private static final Pattern DECORATION =
      Pattern.compile(
          "^[^\\p{L}]{0,%d}(\\p{L}.{3,}?\\p{L})[^\\p{L}]{0,%d}$".formatted(MAX_BEFORE, MAX_AFTER),
          Pattern.DOTALL);
  private static final int MIN_UNIT_LENGTH = 4;

  /** Longer texts are not split: the parts of a list are short, and splitting takes time. */
  private static final int MAX_SPLIT_LENGTH = 64;

  private static final int MIN_PART_LENGTH = 3;
  private static final int MAX_BETWEEN = 2;

  private PasswordForms() {}

  /**
   * Returns at most ten variants: unchanged, in lower case, and with letters for look-alike
   * characters; each also without up to two characters before and five after a word, and without
   * repetition.
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

  /** Returns the text as lists have it: Unicode normalization form KC, lower case. */
  static String lower(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether the text is one repeated step: {@code 456789} is, {@code 1234567890ab} is not.
   */
  static boolean isPattern(String password) {
    var text = lower(password);
    return text.length() > 1 && (unit(text).length() < MIN_UNIT_LENGTH || isRun(text));
  }

  /**
   * Returns whether the text is this word, with up to two characters before and five after it that
   * are not letters.
   */
  static boolean isWord(String form, String word) {
    var start = form.indexOf(word);
    var rest = start < 0 ? 0 : form.length() - start - word.length();
    return start >= 0
        && start <= MAX_BEFORE
        && rest <= MAX_AFTER
        && (form.substring(0, start) + form.substring(start + word.length()))
            .chars()
            .noneMatch(Character::isLetter);
  }

  /**
   * Returns whether the text consists of two listed parts in sequence, as {@code Qwerty123456!}
   * does. A part is also listed if it is a pattern, or with letters for look-alike characters.
   * There may be up to two characters that are not letters before the parts and between them, and
   * five after them.
   *
   * @param listed whether a list contains a text in lower case
   */
  static boolean isTwoParts(String password, Predicate<String> listed) {
    var plain = lower(password);
    return isTwoPartsOnce(plain, listed) || isTwoPartsOnce(unit(plain), listed);
  }

  private static boolean isTwoPartsOnce(String text, Predicate<String> listed) {
    if (text.length() > MAX_SPLIT_LENGTH) {
      return false;
    }
    for (var start = 0; start <= MAX_BEFORE && isDecoration(text, 0, start); start++) {
      for (var end = start + MIN_PART_LENGTH; end <= text.length() - MIN_PART_LENGTH; end++) {
        if (isPart(text.substring(start, end), listed) && isPartAfter(text, end, listed)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns whether the text from an index on is one part with what may be around it. */
  private static boolean isPartAfter(String text, int from, Predicate<String> listed) {
    for (var start = from;
        start <= from + MAX_BETWEEN
            && start + MIN_PART_LENGTH <= text.length()
            && isDecoration(text, from, start);
        start++) {
      for (var end = text.length();
          end >= Math.max(start + MIN_PART_LENGTH, text.length() - MAX_AFTER)
              && isDecoration(text, end, text.length());
          end--) {
        if (isPart(text.substring(start, end), listed)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isPart(String part, Predicate<String> listed) {
    return listed.test(part) || listed.test(leet(part)) || isRun(part) || unit(part).length() == 1;
  }

  /** Returns whether there is no letter between two indices. */
  private static boolean isDecoration(String text, int start, int end) {
    return end <= text.length()
        && text.substring(start, end).codePoints().noneMatch(Character::isLetter);
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

  /** Returns the repeated part of the text; the text itself if it does not repeat. */
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
