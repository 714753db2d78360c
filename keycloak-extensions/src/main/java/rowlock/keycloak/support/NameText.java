/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * The canonical form of user names and e-mail addresses, as in the profile UsernameCaseMapped (RFC
 * 8265 §3.3.2): full-width and half-width characters become ordinary ones, and the result is in
 * Unicode normalization form C. In addition, invisible characters and white space at either end are
 * removed, because they come with pasted text. The case is left to the server.
 *
 * <p>Idempotent.
 */
public final class NameText {
  /** Longer texts are not names, and normalization takes quadratic time. */
  private static final int MAX_LENGTH = 1_024;

  /** Zero-width characters, direction marks, the soft hyphen, the byte order mark. */
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]");

  private static final Pattern OTHER_WIDTH = Pattern.compile("[\\uff01-\\uffee]");

  private static final Pattern OUTER_SPACE =
      Pattern.compile("^[\\s\\p{Z}\\p{Cc}]+|[\\s\\p{Z}\\p{Cc}]+$");

  private NameText() {}

  /** Returns the canonical form; a text that is too long for a name is returned as it is. */
  public static String canonical(String text) {
    if (text.length() > MAX_LENGTH) {
      return text;
    }
    var visible = INVISIBLE.matcher(text).replaceAll("");
    var ordinary =
        OTHER_WIDTH
            .matcher(visible)
            .replaceAll(found -> Normalizer.normalize(found.group(), Normalizer.Form.NFKC));
    return OUTER_SPACE.matcher(Normalizer.normalize(ordinary, Normalizer.Form.NFC)).replaceAll("");
  }
}
