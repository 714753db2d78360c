/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rowlock.local.system.Progress;
import rowlock.local.system.ServerDirectories;

/**
 * Contains the settings of a PostgreSQL server.
 *
 * @param directories the server's own directory contains the data, the log and the superuser's
 *     password
 * @param port on 127.0.0.1; 0 takes a free one
 * @param template directory of a stopped server to copy, or null for an empty server
 * @param progress reports steps that take long
 */
public record PostgresSettings(
    ServerDirectories directories, int port, @Nullable Path template, Progress progress) {

  /** Describes an empty server on a free port. */
  public PostgresSettings(ServerDirectories directories) {
    this(directories, 0, null, Progress.silent());
  }
}
