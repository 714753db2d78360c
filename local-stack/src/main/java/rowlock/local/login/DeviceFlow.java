/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The device authorization grant (RFC 8628) of a public client: a device asks, a person confirms in
 * a browser elsewhere.
 */
public final class DeviceFlow {
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

  private final AuthorizationServer server;
  private final String clientId;

  /** For a public client of an issuer. */
  public DeviceFlow(String issuer, String clientId) {
    this(AuthorizationServer.of(issuer), clientId);
  }

  private DeviceFlow(AuthorizationServer server, String clientId) {
    this.server = server;
    this.clientId = clientId;
  }

  /** The same, asking for tokens that are bound to this key (RFC 9449). */
  public DeviceFlow withKey(DpopKey key) {
    return new DeviceFlow(server.withKey(key), clientId);
  }

  /**
   * What the device shows and keeps (RFC 8628 §3.2).
   *
   * @param deviceCode for polling
   * @param userCode for the person to type in
   * @param verificationUri with the code in it
   * @param codeVerifier shows that whoever polls is who asked (RFC 7636, which Keycloak wants here
   *     too)
   * @param interval least time between two polls
   */
  public record Authorization(
      String deviceCode,
      String userCode,
      URI verificationUri,
      String codeVerifier,
      Duration interval) {
    /** Without what is secret. */
    @Override
    public String toString() {
      return "Authorization[interval=" + interval + "]";
    }
  }

  /** The whole grant: asks, signs the person in, has them confirm, and polls. */
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

  /** The device's request (RFC 8628 §3.1). */
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

  /** The person's part: signs in and confirms; answers the last page. */
  public Page confirm(Authorization authorization, String user, String password) {
    return new BrowserSession()
        .open(authorization.verificationUri())
        .submit("kc-form-login", Map.of("username", user, "password", password))
        .press("accept");
  }

  /**
   * Asks once whether the person has confirmed (RFC 8628 §3.4). @throws OAuthException if not yet,
   * or never
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
