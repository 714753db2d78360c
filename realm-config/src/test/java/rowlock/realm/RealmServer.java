/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rowlock.keycloak.support.ExtensionVersion;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.Tokens;
import rowlock.local.mail.Mail;
import rowlock.local.mail.Mailbox;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the realm on a real server with the extensions. All tests share it and register their own
 * users.
 */
final class RealmServer {
  static final String PASSWORD = "correct horse battery";
  static final String WEB_URL = "http://localhost:8000";
  static final String API_URL = "http://localhost:8081";
  static final JsonMapper JSON = JsonMapper.shared();

  /** Values that the realm on the server was rendered with. */
  static final Map<String, String> VALUES =
      Map.of(
          "ROWLOCK_WEB_URL", WEB_URL,
          "ROWLOCK_API_URL", API_URL,
          "ROWLOCK_SMTP_HOST", "127.0.0.1",
          "ROWLOCK_SMTP_PORT", Integer.toString(TestServers.mail().port()),
          "ROWLOCK_SMTP_STARTTLS", "false",
          "ROWLOCK_SMTP_FROM", "rowlock@example.org",
          "ROWLOCK_GOOGLE_CLIENT_ID", "a-client-at-google",
          "ROWLOCK_GOOGLE_CLIENT_SECRET", "its secret");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RealmServer() {}

  static KeycloakServer keycloak() {
    return Started.SERVER;
  }

  /** Returns the classes of our jar. */
  static Path extensions() {
    try {
      return Path.of(
          ExtensionVersion.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static AdminApi admin() {
    return new AdminApi(keycloak());
  }

  static JsonNode realm(String path) {
    return admin().get("/realms/" + Realm.NAME + path);
  }

  static String issuer() {
    return keycloak().issuer(Realm.NAME);
  }

  static AuthorizationCodeFlow flow() {
    return new AuthorizationCodeFlow(issuer(), "task-cli").withMail(mailbox());
  }

  static Mailbox mailbox() {
    return TestServers.mail().mailbox();
  }

  /** Registers a new user, who is then signed in. */
  static Person register() {
    var address = newAddress();
    return new Person(address, flow().register(address, PASSWORD, "", ""));
  }

  record Person(String address, Tokens tokens) {
    String id() {
      return claims(tokens.accessToken()).path("sub").asString();
    }

    /**
     * Returns the mail after the confirmation of the address, ignoring those about new browsers.
     */
    Mail nextMail() {
      return IntStream.iterate(2, number -> number + 1)
          .mapToObj(number -> mailbox().await(address, number))
          .filter(mail -> !mail.subject().startsWith("New sign-in"))
          .findFirst()
          .orElseThrow();
    }
  }

  static String newAddress() {
    return "person-" + UUID.randomUUID() + "@example.org";
  }

  static URI authorization(Map<String, String> parameters) {
    return URI.create(issuer() + "/protocol/openid-connect/auth?" + form(parameters));
  }

  static HttpResponse<String> token(Map<String, String> parameters, String... headers) {
    return post("/protocol/openid-connect/token", parameters, headers);
  }

  /** Sends a form to a path of the realm. */
  static HttpResponse<String> post(String path, Map<String, String> parameters, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(issuer() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(parameters)));
    return send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  static HttpResponse<String> get(String address) {
    return send(HttpRequest.newBuilder(URI.create(address)).build());
  }

  /** Calls the account REST API of the realm. */
  static HttpResponse<String> account(String method, String path, String token, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(issuer() + "/account" + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build());
  }

  static JsonNode header(String jwt) {
    return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[0]));
  }

  static JsonNode claims(String jwt) {
    return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
  }

  /** Returns the number of failures that the server has counted against peer addresses. */
  static long guesses() {
    return get(keycloak().managementUrl() + "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rowlock_budget_total{"))
        .filter(line -> line.contains("budget=\"guess-address\""))
        .filter(line -> line.contains("outcome=\"charged\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static final class Started {
    static final KeycloakServer SERVER = start();

    private static KeycloakServer start() {
      try {
        // another process of the same build has its own mail server and therefore its own realm
        var folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "realm");
        var realm = folder.resolve("rowlock-realm.json");
        Realm.render(VALUES).writeTo(realm);
        // tests register more users from one address, and faster, than real users do
        return TestServers.keycloak(
            new KeycloakSpec(List.of(extensions()), List.of(realm))
                .withOptions(
                    "--spi-form-action--rowlock-registration-guard--exempt-networks=127.0.0.0/8,::1"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
