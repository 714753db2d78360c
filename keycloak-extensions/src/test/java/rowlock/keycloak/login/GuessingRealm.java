/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import rowlock.keycloak.ExtensionServer;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The realm {@code guessing} behind a proxy, so that requests can have any peer address. Limits: 8
 * failures of one address, 4 attempts for one name, 3 in a known browser, 5 and 2 reset requests.
 */
public record GuessingRealm(KeycloakServer server) {
  public static final String REALM = "guessing";
  public static final String PASSWORD = "a-lantern-on-the-mole";
  static final JsonMapper JSON = JsonMapper.shared();

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Returns the server that the tests of this package share, with mail. */
  public static GuessingRealm shared() {
    return Shared.INSTANCE;
  }

  private static final class Shared {
    static final GuessingRealm INSTANCE = withMail(ExtensionServer.shared());
  }

  public static GuessingRealm withMail(KeycloakServer server) {
    var realm = new GuessingRealm(server);
    realm.mailThrough(TestServers.mail().port());
    return realm;
  }

  /** Sends the realm's mails through this port. */
  public void mailThrough(int port) {
    change(
        "{\"smtpServer\":{\"host\":\"127.0.0.1\",\"port\":\"%d\",\"from\":\"guessing@example.org\"}}"
            .formatted(port));
  }

  /**
   * Makes the hashes of new passwords take most of the time of a login, as in production, or as
   * little as possible.
   */
  public void costlyHashes(boolean costly) {
    change("{\"passwordPolicy\":\"%s\"}".formatted(costly ? "hashIterations(40)" : ""));
  }

  public AdminApi admin() {
    return new AdminApi(server);
  }

  public JsonNode read(String path) {
    return admin().get("/realms/" + REALM + path);
  }

  public void change(String realmJson) {
    admin().put("/realms/" + REALM, realmJson);
  }

  /** Creates an account and returns its address. */
  public String user() {
    return user(Map.of());
  }

  public String user(Map<String, List<String>> attributes) {
    return user(UUID.randomUUID().toString(), newAddress(), attributes);
  }

  public String user(String id, String name, Map<String, List<String>> attributes) {
    return user(id, name, attributes, List.of(Map.of("type", "password", "value", PASSWORD)));
  }

  /**
   * Creates an account without a password: it uses a passkey or another identity provider, or is
   * unconfirmed.
   */
  public String userWithoutPassword() {
    return user(UUID.randomUUID().toString(), newAddress(), Map.of(), List.of());
  }

  private String user(
      String id,
      String name,
      Map<String, List<String>> attributes,
      List<Map<String, String>> credentials) {
    var user = new HashMap<String, Object>();
    user.put("id", id);
    user.put("username", name);
    user.put("email", name);
    user.put("firstName", "Ann");
    user.put("lastName", "Example");
    user.put("emailVerified", true);
    user.put("enabled", true);
    user.put("attributes", attributes);
    user.put("credentials", credentials);
    admin()
        .post(
            "/realms/" + REALM + "/partialImport",
            JSON.writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", List.of(user))));
    return name;
  }

  public static String newAddress() {
    return "user-" + UUID.randomUUID() + "@example.org";
  }

  public String idOf(String user) {
    return read("/users?exact=true&username=" + user).path(0).path("id").asString();
  }

  public List<String> sessionsOf(String user) {
    return read("/users/" + idOf(user) + "/sessions")
        .valueStream()
        .map(session -> session.path("id").asString())
        .toList();
  }

  /** Returns an address that no other test uses (RFC 6598, shared address space). */
  public static String newIp() {
    var random = ThreadLocalRandom.current();
    return "100.%d.%d.%d"
        .formatted(64 + random.nextInt(64), random.nextInt(256), 1 + random.nextInt(254));
  }

  public AuthorizationCodeFlow flow() {
    return new AuthorizationCodeFlow(issuer(), "limited-app");
  }

  public String issuer() {
    return server.url() + "/realms/" + REALM;
  }

  public BrowserSession browserAt(String ip) {
    var browser = flow().newBrowser();
    browser.sendHeader("X-Forwarded-For", ip);
    return browser;
  }

  /** Submits name and password in a new browser. */
  public Page signIn(String ip, String name, String password) {
    return signIn(browserAt(ip), name, password);
  }

  public Page signIn(BrowserSession browser, String name, String password) {
    return flow()
        .begin(browser)
        .loginPage()
        .submit("kc-form-login", Map.of("username", name, "password", password));
  }

  /**
   * Sends two wrong passwords, one after the other, because the server counts in a thread of its
   * own.
   */
  public void lockByTheServerItself(String user) {
    var status = "/attack-detection/brute-force/users/" + idOf(user);
    directGrant(newIp(), user, "wrong");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> read(status).path("numFailures").asInt() > 0);
    directGrant(newIp(), user, "wrong");
    await().atMost(Duration.ofSeconds(30)).until(() -> read(status).path("disabled").asBoolean());
  }

  public HttpResponse<String> post(String endpoint, String ip, Map<String, String> form) {
    return post(endpoint, ip, form, Map.of());
  }

  public HttpResponse<String> post(
      String endpoint, String ip, Map<String, String> form, Map<String, String> headers) {
    var body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    var request =
        HttpRequest.newBuilder(URI.create(issuer() + "/protocol/openid-connect/" + endpoint))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Forwarded-For", ip);
    headers.forEach(request::header);
    return send(request.POST(BodyPublishers.ofString(body)).build());
  }

  public HttpResponse<String> directGrant(String ip, String name, String password) {
    return directGrant("limited-app", ip, name, password);
  }

  /**
   * Sends a direct grant by {@code limited-app}, which is limited, or by {@code unlimited-app},
   * which is not.
   */
  public HttpResponse<String> directGrant(String client, String ip, String name, String password) {
    return post(
        "token",
        ip,
        Map.of(
            "grant_type",
            "password",
            "client_id",
            client,
            "scope",
            "openid",
            "username",
            name,
            "password",
            password));
  }

  /** Returns the sum of a metric, with this text in its labels; 0 if missing. */
  public double metric(String name, String label) {
    return send(HttpRequest.newBuilder(URI.create(server.managementUrl() + "/metrics")).build())
        .body()
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  public String log() {
    return server.log().text();
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
