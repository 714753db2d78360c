/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory that holds all that the stack keeps: databases, passwords, logs, and the cache of
 * built servers.
 */
record StateDirectory(Path directory) {

  /** {@code .rowlock} at the root of the repository, or where {@code ROWLOCK_DATA} says. */
  static StateDirectory ofRepository() {
    var moved = System.getenv("ROWLOCK_DATA");
    if (moved != null && !moved.isBlank()) {
      return new StateDirectory(Path.of(moved).toAbsolutePath().normalize());
    }
    return new StateDirectory(repositoryRoot().resolve(".rowlock"));
  }

  /**
   * The nearest directory upwards that holds the build's {@code .mvn}, whichever module the JVM was
   * started in.
   */
  private static Path repositoryRoot() {
    var start = Path.of("").toAbsolutePath();
    for (var directory = start; directory != null; directory = directory.getParent()) {
      if (Files.isDirectory(directory.resolve(".mvn"))) {
        return directory;
      }
    }
    throw new StackFailure(
        "There is no .mvn directory in or above "
            + start
            + ": start inside the repository, or set ROWLOCK_DATA.");
  }

  Path cache() {
    return directory.resolve("cache");
  }
}
