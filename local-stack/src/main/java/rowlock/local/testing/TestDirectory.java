/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.Guardian;
import rowlock.local.system.Orphans;
import rowlock.local.system.StackFailure;

/** Provides a directory for the servers of one test JVM, deleted when it ends. */
final class TestDirectory {
  private TestDirectory() {}

  /**
   * Creates a directory, starts its guardian, and deletes directories that a power failure left
   * behind.
   */
  static Path create(StateDirectory state) {
    var tests = state.tests();
    try {
      Files.createDirectories(tests);
      removeAbandoned(tests);
      var directory =
          Files.createDirectory(tests.resolve(Long.toString(ProcessHandle.current().pid())));
      Guardian.watch(directory, true);
      return directory;
    } catch (IOException e) {
      throw StackFailure.writing(tests, e);
    }
  }

  private static void removeAbandoned(Path tests) throws IOException {
    try (var directories = Files.newDirectoryStream(tests)) {
      for (var directory : directories) {
        var name = directory.getFileName().toString();
        if (!name.matches("\\d+")) {
          continue;
        }
        var pid = Long.parseLong(name);
        // while the JVM or its guardian runs, the guardian deletes it
        if (pid == ProcessHandle.current().pid()
            || (ProcessHandle.of(pid).isEmpty() && !Guardian.watches(directory))) {
          Orphans.stop(directory);
          DirectoryTree.delete(directory);
        }
      }
    }
  }
}
