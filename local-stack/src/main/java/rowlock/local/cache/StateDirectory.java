/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.local.system.DirectoryTree;
import rowlock.local.system.DiskSpace;
import rowlock.local.system.StackFailure;

/**
 * Contains everything that the stack keeps: databases, passwords, logs, and the cache of built
 * servers.
 */
public record StateDirectory(Path directory) {
  private static final long MIN_FREE_BYTES = 300L << 20;

  /** Returns {@code ROWLOCK_DATA}, by default {@code .rowlock} at the root of the repository. */
  public static StateDirectory of(Map<String, String> environment) {
    var moved = environment.getOrDefault("ROWLOCK_DATA", "");
    if (!moved.isBlank()) {
      return new StateDirectory(Path.of(moved).toAbsolutePath().normalize());
    }
    var start = Path.of("").toAbsolutePath();
    var root = repositoryRoot(start);
    if (root == null) {
      throw new StackFailure(
          "No .mvn directory found in or above "
              + start
              + ": start inside the repository, or set ROWLOCK_DATA.");
    }
    return new StateDirectory(root.resolve(".rowlock"));
  }

  /**
   * Returns the directory for tests. In a project without {@code .mvn} it is {@code rowlock} in the
   * user's cache, {@code XDG_CACHE_HOME} or {@code ~/.cache}.
   *
   * @param start the directory that the tests run in
   */
  public static StateDirectory ofTests(Path start, Map<String, String> environment) {
    if (!environment.getOrDefault("ROWLOCK_DATA", "").isBlank()) {
      return of(environment);
    }
    var root = repositoryRoot(start);
    return new StateDirectory(
        root == null ? userCache(environment).resolve("rowlock") : root.resolve(".rowlock"));
  }

  private static Path userCache(Map<String, String> environment) {
    var cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    return cache.startsWith("/")
        ? Path.of(cache)
        : Path.of(System.getProperty("user.home"), ".cache");
  }

  /** Returns the nearest parent directory that contains {@code .mvn}, or null if there is none. */
  private static @Nullable Path repositoryRoot(Path start) {
    for (var directory = start; directory != null; directory = directory.getParent()) {
      if (Files.isDirectory(directory.resolve(".mvn"))) {
        return directory;
      }
    }
    return null;
  }

  /**
   * Creates the directory if it does not exist.
   *
   * @throws StackFailure if it cannot be written
   */
  public void prepare() {
    try {
      Files.createDirectories(directory);
      var self = (int) new UnixSystem().getUid();
      var owner = (int) Files.getAttribute(directory, "unix:uid");
      if (self != 0 && owner != self) {
        throw new StackFailure(
            "%s belongs to the user %s: give it to yourself with 'sudo chown -R %s %s', or set ROWLOCK_DATA to another directory."
                .formatted(
                    directory,
                    Files.getOwner(directory),
                    System.getProperty("user.name"),
                    directory));
      }
      Files.delete(Files.createTempFile(directory, "writable", ""));
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
    DiskSpace.require(directory, MIN_FREE_BYTES);
  }

  /** Deletes the databases and everything that belongs to them. The cache is kept. */
  public void reset() {
    // the launcher has rendered the realm before this reset, for the start that follows
    var kept = Set.of(cache(), tests(), launcherLock(), realm());
    try (var entries = Files.newDirectoryStream(directory)) {
      for (var entry : entries) {
        if (!kept.contains(entry)) {
          DirectoryTree.delete(entry);
        }
      }
    } catch (IOException e) {
      throw StackFailure.writing(directory, e);
    }
  }

  /** Returns the directory of the built servers. */
  public Path cache() {
    return directory.resolve("cache");
  }

  /** Returns the directory of the servers of tests. */
  public Path tests() {
    return directory.resolve("tests");
  }

  /** Returns the directory that the launcher writes the rendered realm to before each start. */
  Path realm() {
    return directory.resolve("realm");
  }

  /** Returns the file that the launcher locks. */
  public Path launcherLock() {
    return directory.resolve("launcher.lock");
  }

  /** Returns PostgreSQL's directory. */
  public Path postgres() {
    return directory.resolve("postgres");
  }

  /** Returns Keycloak's directory. */
  public Path keycloak() {
    return directory.resolve("keycloak");
  }

  /** Returns the directory of the mails. */
  public Path mail() {
    return directory.resolve("mail");
  }

  /** Returns the file with the password of a role. */
  public Path password(String role) {
    return directory.resolve("passwords").resolve(role);
  }

  /** Returns the file with the settings of an application that runs outside this JVM. */
  public Path settings(String application) {
    return directory.resolve(application + ".env");
  }

  /** Returns the file with the hash of the source of the realm. */
  public Path realmHash() {
    return directory.resolve("realm.sha256");
  }
}
