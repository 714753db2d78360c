/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * A realm as Keycloak imports it ({@code start --import-realm} or {@code POST /admin/realms}).
 *
 * @param json one realm representation; the same source and values give the same text
 * @param sha256 of the text in UTF-8, 64 hexadecimal digits: a key under which something made from
 *     this realm can be cached
 * @param notes what the realm lacks because a value for it was not given, a sentence each
 */
public record RenderedRealm(String json, String sha256, List<String> notes) {

  /** Copies the list. */
  public RenderedRealm {
    notes = List.copyOf(notes);
  }

  static RenderedRealm of(String json, List<String> notes) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return new RenderedRealm(json, HexFormat.of().formatHex(digest), notes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /**
   * Writes the JSON to a file, whole or not at all: a server that reads the folder meanwhile never
   * sees half of it. Missing folders are made.
   */
  public void writeTo(Path file) throws IOException {
    var target = file.toAbsolutePath();
    var folder = target.getParent();
    if (folder == null) {
      throw new IOException(file + " is not a file");
    }
    Files.createDirectories(folder);
    // not a temporary file of the JDK's: only its owner could read that, and the server may run as
    // somebody else
    var unfinished = folder.resolve("." + UUID.randomUUID() + ".part");
    try {
      Files.writeString(unfinished, json, StandardOpenOption.CREATE_NEW);
      Files.move(
          unfinished, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
