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
 * The home directory of one running server: the big library is a link to the shared build, the
 * small parts that may change (extensions, realm files, temporary files) are its own.
 */
public record KeycloakHome(Path directory) {
  /** The file in {@code conf} that says what the JVM compiles with its second compiler. */
  static final String COMPILER_DIRECTIVES = "compiler-directives.json";

  private static final String QUARKUS_PROPERTIES = "quarkus.properties";

  /** Makes it anew; nothing in it is worth keeping, since the database holds the data. */
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

  /** Writes the options that the images have too. */
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
      throw new StackFailure("There is no realm file " + realm + ": render the realm first.");
    }
    Files.copy(realm, imports.resolve(realm.getFileName().toString()));
  }
}
