/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.StackFailure;

/**
 * Describes the home directory of one running server. The libraries are a link to the shared build.
 * Extensions, realm files and temporary files are its own.
 */
public record KeycloakHome(Path directory) {
  /** File in {@code conf} that names the methods for the JVM's second compiler. */
  static final String COMPILER_DIRECTIVES = "compiler-directives.json";

  private static final String QUARKUS_PROPERTIES = "quarkus.properties";

  /** Creates the home, and deletes an existing one first. All data is in the database. */
  static KeycloakHome create(
      Path directory, KeycloakBuild build, List<ProviderJar> providers, List<Path> realmFiles) {
    try {
      DirectoryTree.delete(directory);
      Files.createDirectories(directory.resolve("data/import"));
      Files.createDirectory(directory.resolve("themes"));
      Files.createSymbolicLink(directory.resolve("lib"), build.home().resolve("lib"));
      DirectoryTree.copy(build.home().resolve("conf"), directory.resolve("conf"));
      writeQuarkusProperties(directory.resolve("conf").resolve(QUARKUS_PROPERTIES));
      write(COMPILER_DIRECTIVES, directory.resolve("conf").resolve(COMPILER_DIRECTIVES));
      var providerDirectory = Files.createDirectory(directory.resolve("providers"));
      for (var provider : providers) {
        provider.writeTo(providerDirectory);
      }
      for (var realm : realmFiles) {
        copyRealm(realm, directory.resolve("data/import"));
      }
      return new KeycloakHome(directory);
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }

  /** Writes the same options that the images have. */
  public static void writeQuarkusProperties(Path file) throws IOException {
    write(QUARKUS_PROPERTIES, file);
  }

  private static void write(String resource, Path file) throws IOException {
    try (var content = Objects.requireNonNull(KeycloakHome.class.getResourceAsStream(resource))) {
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copyRealm(Path realm, Path imports) throws IOException {
    if (!Files.isReadable(realm)) {
      throw new StackFailure("The realm file is missing: " + realm + ": render the realm first.");
    }
    Files.copy(realm, imports.resolve(realm.getFileName().toString()));
  }
}
