/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;

/**
 * How a PostgreSQL server is to run.
 *
 * @param directories the server's own holds the data, the log and the superuser's password
 * @param port on 127.0.0.1; 0 takes a free one
 * @param template a stopped server's directory to begin as a copy of, or null to begin empty
 * @param progress is told what takes long
 */
public record PostgresSettings(
    ServerDirectories directories, int port, @Nullable Path template, Progress progress) {

  /** A server on a free port that begins empty. */
  public PostgresSettings(ServerDirectories directories) {
    this(directories, 0, null, Progress.silent());
  }
}
