/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * Keys that encrypt the content of sessions.
 *
 * @param keys AES-256 keys, never empty; the first encrypts, all decrypt. {@code
 *     ROWLOCK_WEB_SESSION_KEY}, or the file in {@code ROWLOCK_WEB_SESSION_KEY_FILE}: one key a line
 *     or separated by commas, each 32 random bytes in Base64
 */
public record SessionSettings(List<SecretKeySpec> keys) {

  private static final String KEY = "ROWLOCK_WEB_SESSION_KEY";
  private static final String FILE = "ROWLOCK_WEB_SESSION_KEY_FILE";
  private static final int KEY_BYTES = 32;

  /** Copies the list. */
  public SessionSettings {
    keys = List.copyOf(keys);
  }

  static SessionSettings from(Variables variables) {
    var given = variables.text(KEY);
    var file = variables.text(FILE);
    if (given != null && file != null) {
      throw new InvalidSettingException(FILE, "is set together with " + KEY + ". Set one of them.");
    }
    if (file != null) {
      return new SessionSettings(keys(FILE, read(Path.of(file))));
    }
    return new SessionSettings(
        keys(
            KEY, variables.required(KEY, "Set it, or " + FILE + ", to: openssl rand -base64 32.")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidSettingException(FILE, "names a file that cannot be read: " + file + ".");
    }
  }

  private static List<SecretKeySpec> keys(String variable, String text) {
    var keys =
        text.lines()
            .flatMap(line -> List.of(line.split(",")).stream())
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(encoded -> key(variable, encoded))
            .toList();
    if (keys.isEmpty()) {
      throw new InvalidSettingException(
          variable, "contains no key. Create one: openssl rand -base64 32");
    }
    return keys;
  }

  private static SecretKeySpec key(String variable, String encoded) {
    try {
      var key = Base64.getDecoder().decode(encoded);
      if (key.length == KEY_BYTES) {
        return new SecretKeySpec(key, "AES");
      }
    } catch (IllegalArgumentException e) {
      // reported below; the message must not contain the key
    }
    throw new InvalidSettingException(
        variable, "must be 32 random bytes in Base64. Create them: openssl rand -base64 32");
  }

  /** Omits the keys. */
  @Override
  public String toString() {
    return "SessionSettings[" + keys.size() + " keys]";
  }
}
