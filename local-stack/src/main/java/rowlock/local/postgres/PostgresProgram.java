/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.nio.file.Path;
import java.util.List;
import rowlock.local.system.RunningServer;

/** A PostgreSQL server's data, and the program that serves it. */
public interface PostgresProgram {
  /** The superuser's password. */
  String password();

  /** What the server prints, beside the file {@code password}. */
  Path log();

  /**
   * Starts it, or starts it again after it has ended.
   *
   * @param settings each {@code name=value}, the same each time
   */
  RunningServer start(List<String> settings);

  /** Whether it accepts connections, which go to this URL. */
  boolean isReady(RunningServer started, String jdbcUrl);
}
