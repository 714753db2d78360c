/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rowlock.realm.Realm;
import rowlock.realm.RealmSourceException;

/**
 * Runs before the servers: makes the secrets that are not there yet, a certificate where one is
 * wanted, and renders the realm from the environment. It changes no secret but a certificate of its
 * own that is soon over, so it can run before every start.
 */
public final class Main {

  /**
   * The public addresses that need a certificate, separated by commas or spaces; none: no
   * certificate.
   */
  static final String TLS_URLS = "ROWLOCK_TLS_URLS";

  // The last label of a name is no number, otherwise it is an address (RFC 3986 section 3.2.2).
  private static final Pattern HTTPS =
      Pattern.compile("https://((?:[a-z0-9-]+\\.)*+[a-z][a-z0-9-]*)(?::[0-9]+)?");

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
      SecretFiles files = new SecretFiles(Path.of(arguments[0]));
      int made = new Secrets(files).makeMissing();
      System.out.println(made == 0 ? "All secrets are there." : "Made " + made + " secrets.");
      makeCertificate(files, environment.getOrDefault(TLS_URLS, ""));
      if (arguments.length > 1) {
        var realm = Realm.render(environment);
        // by these names Keycloak imports the realm master first
        Path folder = Path.of(arguments[1]);
        Realm.renderMaster().writeTo(folder.resolve(Realm.MASTER + "-realm.json"));
        realm.writeTo(folder.resolve(Realm.NAME + "-realm.json"));
        if (arguments.length > 2) {
          OperatorImport.write(realm.json(), Path.of(arguments[2]));
        }
        realm.notes().forEach(System.err::println);
        System.out.println("Rendered the realms.");
      }
      return 0;
    } catch (RealmSourceException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
    } catch (IOException e) {
      System.err.println("Cannot write secrets or realm: " + e);
    }
    return 1;
  }

  @SuppressWarnings("SystemOut") // what a command says to its user
  private static void makeCertificate(SecretFiles files, String urls) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (String url : urls.split("[,\\s]+", -1)) {
      if (!url.isEmpty()) {
        names.add(host(url));
      }
    }
    if (!names.isEmpty() && new Certificates(files, Clock.systemUTC()).make(names)) {
      System.out.println("Made a certificate for " + String.join(", ", names) + ".");
    }
  }

  private static String host(String url) {
    Matcher https = HTTPS.matcher(url);
    if (!https.matches()) {
      throw new IllegalArgumentException(
          url + " has to be https:// and a name in lower case, such as https://tasks.example.org");
    }
    return https.group(1);
  }
}
