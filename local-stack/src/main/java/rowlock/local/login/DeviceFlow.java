/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the device authorization grant (RFC 8628) of a public client: the device requests it, and a
 * user confirms it in a browser elsewhere.
 */
public final class DeviceFlow {
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

  private final AuthorizationServer server;
  private final String clientId;

  /** Uses a public client of an issuer. */
  public DeviceFlow(String issuer, String clientId) {
    this(AuthorizationServer.of(issuer), clientId);
  }

  private DeviceFlow(AuthorizationServer server, String clientId) {
    this.server = server;
    this.clientId = clientId;
  }

  /** Returns a copy that requests tokens bound to this key (RFC 9449). */
  public DeviceFlow withKey(DpopKey key) {
    return new DeviceFlow(server.withKey(key), clientId);
  }

  /**
   * Contains the response to the device (RFC 8628 §3.2).
   *
   * @param deviceCode for polling
   * @param userCode for the user to type in
   * @param verificationUri with the code in it
   * @param codeVerifier proves that the polling device made the request (RFC 7636, required here by
   *     Keycloak too)
   * @param interval minimum time between two polls
   */
  public record Authorization(
      String deviceCode,
      String userCode,
      URI verificationUri,
      String codeVerifier,
      Duration interval) {
    /** Omits the secrets. */
    @Override
    public String toString() {
      return "Authorization[interval=" + interval + "]";
    }
  }

  /** Runs the whole grant: requests it, signs the user in, confirms and polls. */
  public Tokens login(String user, String password) {
    var authorization = authorize();
    confirm(authorization, user, password);
    while (true) {
      try {
        return poll(authorization);
      } catch (OAuthException e) {
        if (!e.error().equals("authorization_pending") && !e.error().equals("slow_down")) {
          throw e;
        }
        LockSupport.parkNanos(authorization.interval().toNanos());
      }
    }
  }

  /** Sends the device's request (RFC 8628 §3.1). */
  public Authorization authorize() {
    var pkce = Pkce.generate();
    var answer =
        server.post(
            "device_authorization_endpoint",
            Map.of(
                "client_id",
                clientId,
                "scope",
                "openid",
                "code_challenge",
                pkce.challenge(),
                "code_challenge_method",
                "S256"));
    return new Authorization(
        answer.path("device_code").asString(),
        answer.path("user_code").asString(),
        URI.create(answer.path("verification_uri_complete").asString()),
        pkce.verifier(),
        Duration.ofSeconds(answer.path("interval").asLong(5)));
  }

  /** Signs the user in, confirms, and returns the last page. */
  public Page confirm(Authorization authorization, String user, String password) {
    return new BrowserSession()
        .open(authorization.verificationUri())
        .submit("kc-form-login", Map.of("username", user, "password", password))
        .press("accept");
  }

  /**
   * Polls once (RFC 8628 §3.4).
   *
   * @throws OAuthException if the user has not confirmed, or refuses
   */
  public Tokens poll(Authorization authorization) {
    return server.tokens(
        Map.of(
            "grant_type",
            GRANT,
            "client_id",
            clientId,
            "device_code",
            authorization.deviceCode(),
            "code_verifier",
            authorization.codeVerifier()));
  }
}
