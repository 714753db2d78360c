/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts a process in a terminal session of its own. It then gets neither Ctrl-C nor the hang-up of
 * the launcher's terminal. The launcher gets them and stops all servers in the right order.
 */
final class DetachedCommand {
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private DetachedCommand() {}

  /**
   * Returns a command that runs in its own session if the system supports it. The process id stays
   * the same.
   */
  static List<String> detached(List<String> command) {
    return SETSID.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(setsid -> Stream.concat(Stream.of(setsid.toString()), command.stream()).toList())
        .orElseGet(() -> new ArrayList<>(command));
  }
}
