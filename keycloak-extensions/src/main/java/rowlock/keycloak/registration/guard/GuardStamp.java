/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The creation time of a page, signed for its login. Stateless: a stamp of another login, or with
 * another time, does not verify.
 *
 * @param mac signs a text with a key that only the server has
 * @param login to which the page belongs
 */
record GuardStamp(Function<String, byte[]> mac, String login) {
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,15})\\.([A-Za-z0-9_-]{43})");

  String mint(long millis) {
    return millis + "." + signature(millis);
  }

  /**
   * Returns the time of a stamp in milliseconds since 1970, or null if it was not signed for this
   * login.
   */
  @Nullable Long timeOf(@Nullable String stamp) {
    var matcher = SHAPE.matcher(stamp == null ? "" : stamp);
    if (!matcher.matches()) {
      return null;
    }
    var millis = Long.parseLong(matcher.group(1));
    return MessageDigest.isEqual(
            signature(millis).getBytes(US_ASCII), matcher.group(2).getBytes(US_ASCII))
        ? millis
        : null;
  }

  private String signature(long millis) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.apply(millis + " " + login));
  }
}
