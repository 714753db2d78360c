/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import java.nio.file.Path;
import java.sql.SQLException;
import rowlock.local.system.ServerDirectories;
import rowlock.local.system.StackFailure;

/** Starts and stops a server, as the user of this process. */
final class PostgresLauncher {
  private PostgresLauncher() {}

  public static void main(String[] directory) throws SQLException {
    var own = Path.of(directory[0]);
    var directories = new ServerDirectories(own.resolve("server"), own.resolve("cache"));
    try (var server = PostgresServer.start(new PostgresSettings(directories));
        var connection = server.connect("postgres")) {
      System.out.println("SERVING " + connection.isValid(5));
    } catch (StackFailure e) {
      System.out.println(e.getMessage());
    }
  }
}
