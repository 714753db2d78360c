/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import rowlock.realm.Realm;
import rowlock.realm.source.RealmSourceException;

/**
 * Runs before the servers: generates missing secrets, issues a certificate if required, and renders
 * the realm from the environment. It changes no existing secret except its own certificate when
 * that is about to expire, so it can run before every start.
 */
public final class Main {
  /**
   * Environment variable with the public addresses that need a certificate, separated by commas or
   * spaces; empty for no certificate.
   */
  static final String TLS_URLS = "ROWLOCK_TLS_URLS";

  /** The first argument of a command that compares the realm with a server, or changes it. */
  private static final String REALM_COMMANDS = "realm";

  // The last label of a name is not a number; otherwise it is an IP address (RFC 3986 §3.2.2).
  private static final Pattern HTTPS =
      Pattern.compile("https://((?:[a-z0-9-]+\\.)*+[a-z][a-z0-9-]*)(?::[0-9]+)?");

  private Main() {}

  /**
   * Exits with 0, with 1 if a file cannot be written, or with 2 if the arguments are invalid. If
   * the first argument is {@code realm}, the others are a command of the module realm-config, with
   * its exit codes.
   *
   * @param arguments the folder of the secrets; the folder of the realm, or nothing to render none;
   *     a file for the realm in the form of the Keycloak Operator
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.getenv()));
  }

  @SuppressWarnings("SystemOut") // output of a command
  static int run(String[] arguments, Map<String, String> environment) {
    if (arguments.length > 0 && arguments[0].equals(REALM_COMMANDS)) {
      return rowlock.realm.command.Main.run(
          Arrays.copyOfRange(arguments, 1, arguments.length),
          environment,
          new PrintWriter(System.out, true, System.out.charset()),
          new PrintWriter(System.err, true, System.err.charset()));
    }
    if (arguments.length < 1 || arguments.length > 3) {
      System.err.println(
          "Usage: SECRETS-FOLDER [REALM-FOLDER [FILE-FOR-THE-OPERATOR]], or: realm COMMAND");
      return 2;
    }
    try {
      var files = new SecretFiles(Path.of(arguments[0]));
      var made = new Secrets(files).makeMissing();
      System.out.println(made == 0 ? "All secrets exist." : "Generated " + made + " secrets.");
      makeCertificate(files, environment.getOrDefault(TLS_URLS, ""));
      if (arguments.length > 1) {
        var realm = Realm.render(environment);
        // Keycloak imports the realm master first because of these names
        var folder = Path.of(arguments[1]);
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
      System.err.println("Writing secrets or realm failed: " + e);
    }
    return 1;
  }

  @SuppressWarnings("SystemOut") // output of a command
  private static void makeCertificate(SecretFiles files, String urls) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (var url : urls.split("[,\\s]+", -1)) {
      if (!url.isEmpty()) {
        names.add(host(url));
      }
    }
    if (!names.isEmpty() && new Certificates(files, Clock.systemUTC()).make(names)) {
      System.out.println("Issued a certificate for " + String.join(", ", names) + ".");
    }
  }

  private static String host(String url) {
    var https = HTTPS.matcher(url);
    if (!https.matches()) {
      throw new IllegalArgumentException(
          url + " has to be https:// and a name in lower case, such as https://tasks.example.org");
    }
    return https.group(1);
  }
}
