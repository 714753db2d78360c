/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.system.ChildJvm;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;

/** Checks the accounts that PostgreSQL can run as. Only root can run these tests. */
class PostgresAccountIT {
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");

  @TempDir Path directory;

  @BeforeEach
  void allowAllUsersToEnter() throws IOException {
    assumeThat(new UnixSystem().getUid()).as("run as root").isZero();
    assumeThat(Path.of("/usr/bin/setpriv")).exists();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void whenRootHasNoUserNamespaces_thenTheServerRunsAsNobody() throws Exception {
    var settings =
        new PostgresSettings(
            new ServerDirectories(directory.resolve("server"), directory.resolve("cache")));

    try (var server = PostgresServer.start(settings, PostgresAccount.SETPRIV);
        var connection = server.connect("postgres")) {
      assertThat(connection.isValid(5)).isTrue();
      assertThat(Files.getAttribute(directory.resolve("server/data"), "unix:uid")).isEqualTo(65534);
    }
    // the same data again: its owner decides, not what else works on this machine
    try (var server = PostgresServer.start(settings);
        var connection = server.connect("postgres")) {
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void whenTheLauncherIsAnOrdinaryUser_thenItsServerRunsAsThatUser() throws Exception {
    Files.setAttribute(directory, "unix:uid", 65534);
    var classPath = copyClassPath(Files.createDirectory(directory.resolve("classes")));

    try (var launcher =
        ChildJvm.start(
            AS_NOBODY, classPath, PostgresLauncher.class, Map.of(), directory.toString())) {
      assertThat(launcher.awaitExit()).as(launcher.output()).isZero();
      assertThat(launcher.output()).contains("SERVING true");
    }
    assertThat(Files.getAttribute(directory.resolve("server/data"), "unix:uid")).isEqualTo(65534);
  }

  @Test
  void whenTheDirectoryIsClosedToNobody_thenOneLineSaysWhatToDo() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    var settings =
        new PostgresSettings(
            new ServerDirectories(directory.resolve("server"), directory.resolve("cache")));

    assertThatThrownBy(() -> PostgresServer.start(settings, PostgresAccount.SETPRIV))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("set ROWLOCK_DATA to a directory that all users may enter");
  }

  /** Copies the class path to a directory that other users can read. */
  private static String copyClassPath(Path target) throws IOException {
    var copied = Stream.<Path>builder();
    for (var element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      var source = Path.of(element);
      var copy = target.resolve(Math.abs(element.hashCode()) + "-" + source.getFileName());
      if (Files.isDirectory(source)) {
        DirectoryTree.copy(source, copy);
      } else if (Files.exists(source)) {
        Files.copy(source, copy);
      }
      copied.add(copy);
    }
    return copied.build().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
