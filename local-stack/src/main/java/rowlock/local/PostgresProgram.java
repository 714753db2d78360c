/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import java.util.List;

/** A PostgreSQL server's data, and the program that serves it. */
interface PostgresProgram {
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
