/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks which types of this module the others use. It reads their source, because this module is
 * built first. Other types are public for the packages of this module only.
 */
class UsedTypesTest {
  private static final Pattern TYPE =
      Pattern.compile("\\browlock\\.local\\.(?:[a-z]\\w*\\.)*(?:[A-Z]\\w*|\\*)");
  private static final Pattern WHOLE_PACKAGE =
      Pattern.compile("rowlock\\.local\\.(?:testing\\.|login\\.|mail\\.)?[A-Z]\\w*");
  private static final Set<String> SINGLE_TYPES =
      Set.of(
          "rowlock.local.cache.AotCache",
          "rowlock.local.keycloak.AdminApi",
          "rowlock.local.keycloak.KeycloakLog",
          "rowlock.local.keycloak.KeycloakServer",
          "rowlock.local.keycloak.KeycloakSettings",
          "rowlock.local.keycloak.KeycloakSpec",
          "rowlock.local.keycloak.MasterRealm",
          "rowlock.local.postgres.PostgresServer",
          "rowlock.local.postgres.PostgresSettings",
          "rowlock.local.system.Jdk",
          "rowlock.local.system.Progress",
          "rowlock.local.system.StackFailure",
          "rowlock.local.system.StackPort");

  @Test
  void otherModules_useListedTypesOnly() throws IOException {
    var uses = usesInOtherModules();

    assertThat(uses).containsKeys("rowlock.local.LocalStack", "rowlock.local.testing.TestServers");
    uses.keySet()
        .removeIf(type -> WHOLE_PACKAGE.matcher(type).matches() || SINGLE_TYPES.contains(type));
    assertThat(uses).isEmpty();
  }

  /** Returns the types of this module that other modules use, each with the files that name it. */
  private static Map<String, Set<Path>> usesInOtherModules() throws IOException {
    var uses = new TreeMap<String, Set<Path>>();
    var module = Path.of("").toAbsolutePath();
    var root = module.getParent();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            var name = directory.getFileName().toString();
            var skipped =
                directory.equals(module)
                    || name.equals("target")
                    || (name.startsWith(".") && !directory.equals(root));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".java")) {
              TYPE.matcher(Files.readString(file))
                  .results()
                  .map(MatchResult::group)
                  .forEach(type -> uses.computeIfAbsent(type, one -> new TreeSet<>()).add(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return uses;
  }
}
