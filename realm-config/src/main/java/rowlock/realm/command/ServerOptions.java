/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerAccount;
import rowlock.realm.server.TrustedAuthority;

/**
 * Options that choose the server and the account. No secret is an argument, because other users of
 * a machine can read the arguments of a process.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ServerOptions {
  private static final String SECRET = "ROWLOCK_REALM_CLIENT_SECRET";
  private static final String PASSWORD = "ROWLOCK_REALM_PASSWORD";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Address of Keycloak. Default: ROWLOCK_KEYCLOAK_URL.",
      defaultValue = "${env:ROWLOCK_KEYCLOAK_URL}")
  private @Nullable String server;

  @Option(
      names = "--login-realm",
      paramLabel = "NAME",
      description = "Realm of the account. Default: the realm that is compared.")
  private @Nullable String loginRealm;

  @Option(
      names = "--client",
      paramLabel = "ID",
      defaultValue = "realm-config",
      description =
          "Client that signs in with its service account. Its secret is in "
              + SECRET
              + " or --secret-file. Default: ${DEFAULT-VALUE}.")
  private String client = "realm-config";

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "Signs in as a user instead, with the client admin-cli. The password is in "
              + PASSWORD
              + " or --secret-file.")
  private @Nullable String user;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "File with the secret of the client or the password of the user.")
  private @Nullable Path secretFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "PEM file with the authority of the server's certificate. Default: those of the JDK.")
  private @Nullable Path authority;

  AdminClient connect(String realm, Map<String, String> environment) {
    if (server == null || server.isBlank()) {
      throw invalid("--server or ROWLOCK_KEYCLOAK_URL is required");
    }
    var login = loginRealm == null ? realm : loginRealm;
    var secret = secret(environment.get(user == null ? SECRET : PASSWORD));
    var url = server.replaceFirst("/+$", "");
    return new AdminClient(
        user == null
            ? new ServerAccount(url, login, client, secret, null, null)
            : new ServerAccount(url, login, "admin-cli", null, user, secret),
        realm,
        tls());
  }

  private @Nullable SSLContext tls() {
    try {
      return authority == null ? null : TrustedAuthority.of(authority);
    } catch (IOException e) {
      throw invalid("--ca-file " + authority + " is not readable or contains no certificate");
    }
  }

  private String secret(@Nullable String variable) {
    if (secretFile != null) {
      try {
        return Files.readString(secretFile).replaceFirst("\\R\\z", "");
      } catch (IOException e) {
        throw invalid("--secret-file " + secretFile + " is not readable");
      }
    }
    if (variable == null || variable.isBlank()) {
      throw invalid((user == null ? SECRET : PASSWORD) + " or --secret-file is required");
    }
    return variable;
  }

  private CommandLine.ParameterException invalid(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
