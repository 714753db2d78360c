/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import rowlock.local.system.StackFailure;

/** Names the versions of the servers and the Keycloak archive that Maven has downloaded. */
public record Distribution(String keycloakVersion, Path keycloakZip, String postgresVersion) {

  /** Reads the file that the build has written. */
  public static Distribution load() {
    var properties = new Properties();
    try (var in = Distribution.class.getResourceAsStream("versions.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Distribution(
        properties.getProperty("keycloak.version"),
        Path.of(properties.getProperty("keycloak.distribution")),
        properties.getProperty("postgresql.version"));
  }

  /** Returns the PostgreSQL version without the last part of the package version. */
  public String postgresRelease() {
    return postgresVersion.substring(0, postgresVersion.lastIndexOf('.'));
  }

  /**
   * Returns the Keycloak archive.
   *
   * @throws StackFailure if it does not exist; the message says how to download it
   */
  public Path existingKeycloakZip() {
    if (!Files.isReadable(keycloakZip)) {
      throw new StackFailure(
          "The Keycloak distribution is missing at "
              + keycloakZip
              + ": run './mvnw -pl local-stack dependency:resolve', which downloads it once.");
    }
    return keycloakZip;
  }
}
