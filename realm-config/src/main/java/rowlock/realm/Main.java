/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The command line: {@code render --out FILE} writes the realm for Keycloak's import; values come
 * from the environment.
 */
public final class Main {
  private Main() {}

  /**
   * Ends the process with 0, with 1 when the realm cannot be rendered or written, or with 2 when
   * the arguments make no sense.
   */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  @SuppressWarnings("SystemOut") // what a command says to its user
  private static int run(String[] args) {
    if (args.length != 3 || !args[0].equals("render") || !args[1].equals("--out")) {
      System.err.println(
          "Usage: render --out FILE   (environment: ROWLOCK_WEB_URL, ROWLOCK_API_URL)");
      return 2;
    }
    try {
      var realm = Realm.render(System.getenv());
      realm.writeTo(Path.of(args[2]));
      System.out.println(args[2] + "  sha256 " + realm.sha256());
      return 0;
    } catch (RealmSourceException e) {
      System.err.println(e.getMessage());
    } catch (IOException e) {
      System.err.println("Cannot write " + args[2] + ": " + e.getMessage());
    }
    return 1;
  }
}
