/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.StackFailure;

class StateDirectoryTest {
  @TempDir Path directory;

  @Test
  void directory_missing_isCreated() {
    var state = new StateDirectory(directory.resolve("a/b"));

    state.prepare();

    assertThat(state.directory()).isEmptyDirectory();
  }

  @Test
  void directory_notCreatable_isNamedInOneLine() throws IOException {
    var file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> new StateDirectory(file.resolve("below")).prepare())
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void testsInAProjectWithoutMavenWrapper_useTheCacheOfTheUser() throws IOException {
    var project = Files.createDirectories(directory.resolve("project/module"));
    var environment = Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());

    assertThat(StateDirectory.ofTests(project, environment).directory())
        .isEqualTo(directory.resolve("cache/rowlock"));
    assertThat(
            StateDirectory.ofTests(project, Map.of("ROWLOCK_DATA", "/data", "XDG_CACHE_HOME", "/c"))
                .directory())
        .isEqualTo(Path.of("/data"));

    Files.createDirectory(directory.resolve("project/.mvn"));
    assertThat(StateDirectory.ofTests(project, environment).directory())
        .isEqualTo(directory.resolve("project/.rowlock"));
  }

  @Test
  void aSecondLockIsRefusedWithTheProcessThatHasIt() {
    var state = new StateDirectory(directory);
    try (var lock = StackLock.take(state)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> StackLock.take(state))
          .isInstanceOf(StackFailure.class)
          .hasMessageContaining("already running as process " + ProcessHandle.current().pid());
    }
    StackLock.take(state).close();
  }

  @Test
  void aResetKeepsTheCacheRunningTestsAndTheRenderedRealm() throws IOException {
    for (var name : new String[] {"cache", "tests", "realm", "postgres", "mail", "passwords"}) {
      Files.createFile(Files.createDirectory(directory.resolve(name)).resolve("content"));
    }

    new StateDirectory(directory).reset();

    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("cache", "tests", "realm");
  }
}
