/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL server lives.
 *
 * @param directory holds the data, the log and the superuser's password of this server; made if it
 *     is not there
 * @param stack the directory of the stack that this server belongs to: all processes of a stack are
 *     stopped together
 * @param cache what may be shared with other servers and other stacks
 * @param port on 127.0.0.1; 0 takes a free one
 * @param template a stopped server's directory to begin as a copy of, or null to begin empty
 * @param progress is told what takes long
 */
public record PostgresSettings(
    Path directory, Path stack, Path cache, int port, @Nullable Path template, Progress progress) {

  /** A server on a free port that begins empty and is a stack of its own. */
  public static PostgresSettings in(Path directory, Path cache) {
    return new PostgresSettings(directory, directory, cache, 0, null, Progress.silent());
  }

  /** The same on a given port. */
  public PostgresSettings withPort(int newPort) {
    return new PostgresSettings(directory, stack, cache, newPort, template, progress);
  }

  /** The same as a part of a larger stack. */
  PostgresSettings withStack(Path newStack) {
    return new PostgresSettings(directory, newStack, cache, port, template, progress);
  }

  /** The same, beginning as a copy. */
  PostgresSettings withTemplate(Path newTemplate) {
    return new PostgresSettings(directory, stack, cache, port, newTemplate, progress);
  }

  /** The same, telling somebody. */
  PostgresSettings withProgress(Progress newProgress) {
    return new PostgresSettings(directory, stack, cache, port, template, newProgress);
  }
}
