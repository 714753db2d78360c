/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import rowlock.local.login.AuthorizationCodeFlow;

/** Manages users by the admin API, and signs them in as programs do. */
final class TestUsers {
  static final String PASSWORD = "a sentence for containers";

  private final Compose stack;
  private final String administrator;
  private String token = "";
  private long tokenNanos;

  TestUsers(Compose stack) {
    this.stack = stack;
    this.administrator = administratorsPassword();
  }

  /** Creates an account by the admin API, because the registration form refuses programs. */
  String make() throws Exception {
    var name = "p-" + UUID.randomUUID() + "@example.org";
    Map<String, Object> person =
        Map.of(
            "username",
            name,
            "email",
            name,
            "emailVerified",
            true,
            "enabled",
            true,
            "credentials",
            List.of(Map.of("type", "password", "value", PASSWORD, "temporary", false)));
    var made = admin("POST", "/users", Http.text(person));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return name;
  }

  /** Ends all sessions of a user. */
  void signOut(String name) throws Exception {
    var id =
        Http.json(admin("GET", "/users?exact=true&username=" + name.replace("@", "%40"), ""))
            .path(0)
            .path("id")
            .asText();
    assertThat(admin("POST", "/users/" + id + "/logout", "").statusCode()).isEqualTo(204);
  }

  /** Sets the lifetime of access tokens. */
  void tokensLive(int seconds) throws Exception {
    var change = Http.text(Map.of("accessTokenLifespan", seconds));
    assertThat(admin("PUT", "", change).statusCode()).isEqualTo(204);
  }

  AuthorizationCodeFlow program() {
    return new AuthorizationCodeFlow(stack.keycloak("/realms/rowlock"), "task-cli");
  }

  HttpResponse<String> addTask(String token, String title) throws Exception {
    return Http.send(
        api(token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Http.text(Map.of("title", title)))));
  }

  HttpResponse<String> tasks(String token) throws Exception {
    return Http.send(api(token));
  }

  private HttpRequest.Builder api(String token) {
    return HttpRequest.newBuilder(URI.create(stack.api("/api/me/tasks")))
        .header("Authorization", "Bearer " + token);
  }

  final String administratorsPassword() {
    return stack.run("exec", "-T", "keycloak", "cat", "/run/secrets/admin-password");
  }

  /**
   * Returns a token of the admin console's client, because no client of the realm master has the
   * password grant. It is used for half of its lifetime, because Keycloak refuses logins of one
   * account that follow each other at once.
   */
  private String administratorsToken() {
    if (token.isEmpty() || System.nanoTime() - tokenNanos > Duration.ofSeconds(30).toNanos()) {
      token =
          new AuthorizationCodeFlow(stack.keycloak("/realms/master"), "security-admin-console")
              .withRedirect(URI.create(stack.keycloak("/admin/master/console/")))
              .login("admin", administrator)
              .accessToken();
      tokenNanos = System.nanoTime();
    }
    return token;
  }

  private HttpResponse<String> admin(String method, String path, String body) throws Exception {
    return Http.send(
        HttpRequest.newBuilder(URI.create(stack.keycloak("/admin/realms/rowlock" + path)))
            .header("Authorization", "Bearer " + administratorsToken())
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }
}
