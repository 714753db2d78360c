/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import rowlock.local.system.StackFailure;

/** Which servers the build was made for, and where Maven put Keycloak's. */
public record Distribution(String keycloakVersion, Path keycloakZip, String postgresVersion) {

  /** Reads what the build has written. */
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

  /** What PostgreSQL calls the version; that of the package of its binaries has one part more. */
  public String postgresRelease() {
    return postgresVersion.substring(0, postgresVersion.lastIndexOf('.'));
  }

  /** The zip, or a failure that says how to get it. */
  public Path existingKeycloakZip() {
    if (!Files.isReadable(keycloakZip)) {
      throw new StackFailure(
          "The Keycloak distribution is not at "
              + keycloakZip
              + ": run './mvnw -pl local-stack dependency:resolve', which downloads it once.");
    }
    return keycloakZip;
  }
}
