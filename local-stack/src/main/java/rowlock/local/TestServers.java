/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Servers for tests, on free ports, below {@code .rowlock/tests/} at the root of the repository.
 * They are stopped and their files removed when the JVM ends, also if it is killed. Thread-safe.
 */
public final class TestServers {
  private TestServers() {}

  /**
   * The server that all tests of this JVM share, started at its first use; make a database of your
   * own in it.
   */
  public static PostgresServer postgres() {
    return SharedPostgres.SERVER;
  }

  /** A server for one test alone, for one that kills it, say. Close it when done. */
  public static PostgresServer newPostgres() {
    return PostgresServer.start(Run.postgres());
  }

  private static final class SharedPostgres {
    static final PostgresServer SERVER = newPostgres();
  }

  /** The directory of this JVM's servers. */
  private static final class Run {
    static final StateDirectory STATE = StateDirectory.ofRepository();
    static final Path DIRECTORY = TestDirectory.create(STATE);
    static final AtomicInteger SERVERS = new AtomicInteger();

    static PostgresSettings postgres() {
      var directory = DIRECTORY.resolve("postgres-" + SERVERS.incrementAndGet());
      return PostgresSettings.in(directory, STATE.cache()).withStack(DIRECTORY);
    }
  }
}
