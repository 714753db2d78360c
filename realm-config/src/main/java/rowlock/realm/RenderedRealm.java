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
import rowlock.realm.source.DeclaredRealm;

/**
 * Contains a realm as Keycloak imports it ({@code start --import-realm} or {@code POST
 * /admin/realms}).
 *
 * @param json one realm representation; the same source and values give the same text
 * @param sha256 of the text in UTF-8, 64 hexadecimal digits; usable as a cache key
 * @param notes one sentence for each value that is missing, with what the realm lacks without it
 */
public record RenderedRealm(String json, String sha256, List<String> notes) {

  /** Copies the list. */
  public RenderedRealm {
    notes = List.copyOf(notes);
  }

  /** Renders what the source states. */
  public static RenderedRealm of(DeclaredRealm realm) {
    var json = realm.toJson();
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return new RenderedRealm(json, HexFormat.of().formatHex(digest), realm.notes());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is unavailable", e);
    }
  }

  /**
   * Writes the JSON to a file atomically, and creates missing folders. A server that reads the
   * folder at the same time sees no incomplete file.
   */
  public void writeTo(Path file) throws IOException {
    var target = file.toAbsolutePath();
    var folder = target.getParent();
    if (folder == null) {
      throw new IOException(file + " is not a file");
    }
    Files.createDirectories(folder);
    // not a temporary file of the JDK: only its owner could read it, and the server may run as
    // another user
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
