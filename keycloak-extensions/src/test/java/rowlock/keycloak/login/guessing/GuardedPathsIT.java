/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.login.Harbour.PASSWORD;
import static rowlock.keycloak.login.Harbour.newAddress;
import static rowlock.keycloak.login.Harbour.newIp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.login.Harbour;
import rowlock.local.login.Page;

/** Ways around the limits, and who must not run into them. */
class GuardedPathsIT {
  private static final int PER_ADDRESS = 8;
  private static final int PER_ACCOUNT = 4;
  private static final int NETWORKS = 10;
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static Harbour harbour;

  @BeforeAll
  static void start() {
    harbour = Harbour.shared();
  }

  @Test
  void aFormWithoutThePasswordIsATryLikeAnyOther() {
    var name = newAddress();
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(withoutPassword(newIp(), name).status()).isEqualTo(200);
    }

    assertThat(withoutPassword(newIp(), name).status()).isEqualTo(429);
  }

  @Test
  void aSiteOfManyNetworksHasTheFailuresOfTen() {
    var site = "2001:db8:%x:".formatted(ThreadLocalRandom.current().nextInt(1, 0xffff));
    for (var network = 0; network < NETWORKS; network++) {
      exhaust(site + network + "::1");
    }

    assertThat(withSecret(site + "ffff::1", "wrong")).isEqualTo(429);
    assertThat(withSecret(newIp(), "wrong")).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET clients-registrations/install/vault",
        "POST clients-managements/register-node",
        "POST clients-managements/unregister-node",
        "POST broker/none/token"
      })
  void aSecretIsRefusedWhereverTheServerAsksForIt(String endpoint) {
    var ip = newIp();
    exhaust(ip);
    var parts = endpoint.split(" ");
    var basic =
        Base64.getEncoder().encodeToString("vault:a-long-secret-of-the-vault".getBytes(UTF_8));

    assertThat(
            status(
                request(parts[1], ip)
                    .header("Authorization", "Basic " + basic)
                    .method(parts[0], BodyPublishers.noBody())))
        .isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FORM + ";charset=IBM037",
        FORM + "; charset=\"utf-16\"",
        FORM + "; charset=utf-8; charset=IBM037",
        FORM + "; x=y; CHARSET=IBM037"
      })
  void aFormThatTheServerWouldReadOtherwiseThanTheFilterIsNotTaken(String type) {
    // what only a server that decodes it as EBCDIC takes for "client_secret"
    var body = "grant_type=client_credentials&%83%93%89%85%95%a3%6d%a2%85%83%99%85%a3=wrong";

    assertThat(
            status(
                request("protocol/openid-connect/token", newIp())
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(body))))
        .isEqualTo(415);
  }

  @Test
  void aFormInUtf8Is() {
    assertThat(
            status(
                request("protocol/openid-connect/token", newIp())
                    .header("Content-Type", FORM + "; charset=UTF-8")
                    .POST(
                        BodyPublishers.ofString(
                            "grant_type=client_credentials&client_id=vault&client_secret=a-long-secret-of-the-vault"))))
        .isEqualTo(200);
  }

  @Test
  void whatIsSignedWithAPrivateKeyGoesOnAndWhatIsSignedWithASecretDoesNot() {
    var ip = newIp();
    exhaust(ip);

    for (var algorithm : List.of("PS256", "ES256", "RS256")) {
      assertThat(withAssertion(ip, algorithm)).as(algorithm).isIn(400, 401);
    }
    for (var algorithm : List.of("HS256", "HS512")) {
      assertThat(withAssertion(ip, algorithm)).as(algorithm).isEqualTo(429);
    }
  }

  @Test
  void whatComesFromAnExemptNetworkIsNotCountedByAddressButByName() {
    var ip = "198.19.%d.7".formatted(ThreadLocalRandom.current().nextInt(256));
    for (var failure = 0; failure < 2 * PER_ADDRESS; failure++) {
      assertThat(withSecret(ip, "wrong")).isEqualTo(401);
    }
    var person = harbour.person();
    assertThat(harbour.signIn(ip, person, PASSWORD).callback()).isPresent();
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(harbour.signIn(ip, person, "wrong").status()).isEqualTo(200);
    }
    assertThat(harbour.signIn(ip, person, PASSWORD).status()).isEqualTo(429);
  }

  private static Page withoutPassword(String ip, String name) {
    var page = harbour.flow().begin(harbour.browserAt(ip)).loginPage();
    page.document().select("[name=password]").attr("name", "nothing");
    return page.submit("kc-form-login", Map.of("username", name));
  }

  private static void exhaust(String ip) {
    for (var failure = 0; failure < PER_ADDRESS; failure++) {
      assertThat(withSecret(ip, "wrong")).isEqualTo(401);
    }
  }

  private static int withSecret(String ip, String secret) {
    return harbour
        .post(
            "token",
            ip,
            Map.of(
                "grant_type", "client_credentials", "client_id", "vault", "client_secret", secret))
        .statusCode();
  }

  private static int withAssertion(String ip, String algorithm) {
    return harbour
        .post(
            "token",
            ip,
            Map.of(
                "grant_type",
                "client_credentials",
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                base64("{\"alg\":\"" + algorithm + "\"}")
                    + "."
                    + base64("{\"iss\":\"vault\",\"sub\":\"vault\"}")
                    + "."
                    + base64("signature")))
        .statusCode();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static HttpRequest.Builder request(String path, String ip) {
    return HttpRequest.newBuilder(URI.create(harbour.issuer() + "/" + path))
        .header("X-Forwarded-For", ip);
  }

  private static int status(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
