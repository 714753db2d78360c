/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a user in a form that does not reveal the name. */
final class LoggableUserId {
  static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final HexFormat HEX = HexFormat.of();

  private LoggableUserId() {}

  /**
   * Returns a UUID unchanged and any other id as a hash. The id of a user from an external
   * directory contains the name ({@code f:<component>:<name>}). Equal ids have equal hashes.
   */
  static @Nullable String loggable(@Nullable String id) {
    if (id == null || UUID.matcher(id).matches()) {
      return id;
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HEX.formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
