/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Renders the realm from the command line: {@code render --out FILE} writes it for Keycloak's
 * import. The values come from the environment. With {@code --without-extensions} before {@code
 * --out}, it is for a server without our jar.
 */
public final class Main {
  private static final Set<String> WHICH = Set.of("--with-extensions", "--without-extensions");

  private Main() {}

  /**
   * Exits with 0, with 1 if the realm cannot be rendered or written, or with 2 if the arguments are
   * invalid.
   */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  @SuppressWarnings("SystemOut") // output of a command
  private static int run(String[] args) {
    var command = List.of(args);
    var stock = command.contains("--without-extensions");
    var rest = command.stream().filter(word -> !WHICH.contains(word)).toList();
    if (rest.size() != 3 || !rest.get(0).equals("render") || !rest.get(1).equals("--out")) {
      System.err.println(
          "Usage: render [--without-extensions] --out FILE   (environment: ROWLOCK_WEB_URL, ROWLOCK_API_URL, ROWLOCK_SMTP_HOST, see the README)");
      return 2;
    }
    var file = rest.get(2);
    try {
      var values = System.getenv();
      var realm = stock ? Realm.renderWithoutExtensions(values) : Realm.render(values);
      realm.writeTo(Path.of(file));
      realm.notes().forEach(System.err::println);
      System.out.println(file + "  sha256 " + realm.sha256());
      return 0;
    } catch (RealmSourceException e) {
      System.err.println(e.getMessage());
    } catch (IOException e) {
      System.err.println("Writing failed: " + file + ": " + e.getMessage());
    }
    return 1;
  }
}
