/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.nio.file.Path;
import java.util.List;
import rowlock.local.system.RunningServer;

/** Starts a PostgreSQL server on its data. */
public interface PostgresProgram {
  /** Returns the superuser's password. */
  String password();

  /** Returns the file with the server's output, beside the file {@code password}. */
  Path log();

  /**
   * Starts the server, also after it has ended.
   *
   * @param settings each {@code name=value}, the same each time
   */
  RunningServer start(List<String> settings);

  /** Returns whether the server accepts connections to this URL. */
  boolean isReady(RunningServer started, String jdbcUrl);
}
