/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Creates entity tags from the hash of the content (RFC 9110 §8.8.3). */
final class EntityTag {
  private static final int BYTES = 16;

  private EntityTag() {}

  static String of(byte[] content) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(content);
      var text = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
      return '"' + text + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
