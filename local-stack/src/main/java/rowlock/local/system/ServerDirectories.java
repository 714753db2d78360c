/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Path;

/**
 * Where a server lives. Paths are made absolute.
 *
 * @param directory holds all that is this server's own, its log among it; made if it is not there
 * @param stack the directory of the stack that this server belongs to: all processes of a stack are
 *     stopped together
 * @param cache what may be shared with other servers and other stacks
 */
public record ServerDirectories(Path directory, Path stack, Path cache) {

  /** Makes the paths absolute. */
  public ServerDirectories {
    directory = directory.toAbsolutePath().normalize();
    stack = stack.toAbsolutePath().normalize();
    cache = cache.toAbsolutePath().normalize();
  }

  /** A server that is a stack of its own. */
  public ServerDirectories(Path directory, Path cache) {
    this(directory, directory, cache);
  }
}
