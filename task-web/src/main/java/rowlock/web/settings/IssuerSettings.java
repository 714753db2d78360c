/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * The issuer, and the client that this server is there.
 *
 * @param issuer the exact {@code iss} of every token, {@code ROWLOCK_ISSUER}; required
 * @param metadata address of its metadata (OpenID Connect Discovery 1.0 section 4), {@code
 *     ROWLOCK_ISSUER_METADATA_URI}; default: the standard path below the issuer. For networks in
 *     which servers reach the issuer by another name than browsers.
 * @param clientId client id at the issuer, {@code ROWLOCK_WEB_CLIENT_ID}, default {@code task-web}
 * @param clientKeyFile file with the private keys of the client (RSA in PEM, or a JWK), {@code
 *     ROWLOCK_WEB_CLIENT_KEY_FILE}; required. The first key signs, all are published.
 * @param algorithms accepted {@code alg} headers of ID and logout tokens, {@code
 *     ROWLOCK_TOKEN_ALGORITHMS}, default {@code PS256}
 * @param httpAllowed whether servers may exchange tokens over plain http, {@code
 *     ROWLOCK_HTTP_ALLOWED}, default false
 */
public record IssuerSettings(
    String issuer,
    URI metadata,
    String clientId,
    Path clientKeyFile,
    Set<String> algorithms,
    boolean httpAllowed) {

  private static final Set<String> ASYMMETRIC =
      Set.of("PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

  /** Rejects invalid values. */
  public IssuerSettings {
    algorithms = Set.copyOf(algorithms);
    if (algorithms.isEmpty() || !ASYMMETRIC.containsAll(algorithms)) {
      throw new InvalidSettingException(
          "ROWLOCK_TOKEN_ALGORITHMS",
          "must be a list of asymmetric algorithms, separated by commas, such as PS256.");
    }
  }

  /** Returns whether tokens may be sent to the address: by https, or by http if it is allowed. */
  public boolean isAllowed(URI address) {
    return Urls.isSafe(address, httpAllowed);
  }

  static IssuerSettings from(Variables variables) {
    var httpAllowed = variables.flag("ROWLOCK_HTTP_ALLOWED", false);
    var example = "https://login.example.org/realms/rowlock";
    var issuer =
        variables.required(
            "ROWLOCK_ISSUER", "Set it to the exact issuer, such as " + example + ".");
    Urls.check("ROWLOCK_ISSUER", issuer, example, httpAllowed);
    var below = issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration";
    var metadata =
        Urls.check(
            "ROWLOCK_ISSUER_METADATA_URI",
            variables.text("ROWLOCK_ISSUER_METADATA_URI", below),
            example + "/.well-known/openid-configuration",
            httpAllowed);
    return new IssuerSettings(
        issuer,
        metadata,
        variables.text("ROWLOCK_WEB_CLIENT_ID", "task-web"),
        Path.of(
            variables.required(
                "ROWLOCK_WEB_CLIENT_KEY_FILE",
                "Set it to a file with a private key, made by: openssl genpkey -algorithm RSA"
                    + " -pkeyopt rsa_keygen_bits:3072.")),
        Set.copyOf(variables.names("ROWLOCK_TOKEN_ALGORITHMS", List.of("PS256"))),
        httpAllowed);
  }
}
