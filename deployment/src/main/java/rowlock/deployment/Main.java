/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import rowlock.realm.Realm;
import rowlock.realm.RealmSourceException;

/**
 * Runs before the servers: makes the secrets that are not there yet, and renders the realm from the
 * environment. It changes no secret, so it can run before every start.
 */
public final class Main {

  private Main() {}

  /**
   * Ends the process with 0, with 1 when something cannot be made, or with 2 when the arguments
   * make no sense.
   *
   * @param arguments the folder of the secrets; the folder of the realm, or nothing to render none;
   *     a file for the realm as the Keycloak Operator takes it
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv()));
  }

  @SuppressWarnings("SystemOut") // what a command says to its user
  static int run(String[] arguments, Map<String, String> environment) {
    if (arguments.length < 1 || arguments.length > 3) {
      System.err.println("Usage: SECRETS-FOLDER [REALM-FOLDER [FILE-FOR-THE-OPERATOR]]");
      return 2;
    }
    try {
      int made = new Secrets(Path.of(arguments[0])).makeMissing();
      System.out.println(made == 0 ? "All secrets are there." : "Made " + made + " secrets.");
      if (arguments.length > 1) {
        var realm = Realm.render(environment);
        realm.writeTo(Path.of(arguments[1]).resolve(Realm.NAME + ".json"));
        if (arguments.length > 2) {
          OperatorImport.write(realm.json(), Path.of(arguments[2]));
        }
        realm.notes().forEach(System.err::println);
        System.out.println("Rendered the realm.");
      }
      return 0;
    } catch (RealmSourceException e) {
      System.err.println(e.getMessage());
    } catch (IOException e) {
      System.err.println("Cannot write secrets or realm: " + e);
    }
    return 1;
  }
}
