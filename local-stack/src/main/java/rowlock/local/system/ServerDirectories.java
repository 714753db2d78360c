/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Path;

/**
 * Contains the directories of a server. Paths are made absolute.
 *
 * @param directory of this server alone, with its log; created if it does not exist
 * @param stack directory of the stack that this server belongs to; all processes of a stack are
 *     stopped together
 * @param cache shared with other servers and stacks
 */
public record ServerDirectories(Path directory, Path stack, Path cache) {

  /** Makes the paths absolute. */
  public ServerDirectories {
    directory = directory.toAbsolutePath().normalize();
    stack = stack.toAbsolutePath().normalize();
    cache = cache.toAbsolutePath().normalize();
  }

  /** Describes a server that is a stack of its own. */
  public ServerDirectories(Path directory, Path cache) {
    this(directory, directory, cache);
  }
}
