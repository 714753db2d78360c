/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.OAuthException;
import rowlock.local.testing.TestServers;

/** Checks the realm on a stock Keycloak without our jar. */
class WithoutExtensionsIT {
  private static final Map<String, String> VALUES =
      Map.of("ROWLOCK_WEB_URL", RealmServer.WEB_URL, "ROWLOCK_API_URL", RealmServer.API_URL);

  @TempDir private static Path folder;
  private static KeycloakServer stock;

  @BeforeAll
  static void start() throws IOException {
    var realm = folder.resolve("rowlock-realm.json");
    Realm.renderWithoutExtensions(VALUES).writeTo(realm);
    stock = TestServers.keycloak(new KeycloakSpec(List.of(), List.of(realm)));
  }

  @Test
  void rotationIsStrictNotLax() {
    var flow = new AuthorizationCodeFlow(stock.issuer(Realm.NAME), "task-cli");
    var first = flow.register(RealmServer.newAddress(), RealmServer.PASSWORD, "", "");
    var second = flow.refresh(first.requireRefreshToken());

    assertThatThrownBy(() -> flow.refresh(first.requireRefreshToken()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("invalid_grant");
    assertThatThrownBy(() -> flow.refresh(second.requireRefreshToken()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("invalid_grant");
  }

  /** The stock steps have no failure budgets and support one-time codes only. */
  @Test
  void passwordGrant_anyClient_isRefused() {
    new AdminApi(stock)
        .post(
            "/realms/" + Realm.NAME + "/clients",
            "{\"clientId\":\"given\",\"publicClient\":true,\"directAccessGrantsEnabled\":true}");
    var address = RealmServer.newAddress();
    new AuthorizationCodeFlow(stock.issuer(Realm.NAME), "task-cli")
        .register(address, RealmServer.PASSWORD, "", "");

    var answer = passwordGrant("given", address);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("access_token");
  }

  private static HttpResponse<String> passwordGrant(String client, String address) {
    var form =
        "grant_type=password&client_id="
            + client
            + "&username="
            + URLEncoder.encode(address, UTF_8)
            + "&password="
            + URLEncoder.encode(RealmServer.PASSWORD, UTF_8);
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create(stock.issuer(Realm.NAME) + "/protocol/openid-connect/token"))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(form))
                  .build(),
              BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The realm is rendered without a mail server. */
  @Test
  void withoutMail_passwordIsChosenAtOnce() {
    var login = new AuthorizationCodeFlow(stock.issuer(Realm.NAME), "task-cli").begin().loginPage();

    assertThat(login.document().select("a[href*=reset-credentials]")).isEmpty();
    assertThat(login.follow("a[href*=registration]").document().select("[name=password]"))
        .hasSize(1);
  }

  @Test
  void fullRealm_isRefusedAsAWhole() {
    var admin = new AdminApi(stock);
    var full =
        Realm.render(VALUES).json().replace("\"realm\" : \"rowlock\"", "\"realm\" : \"full\"");

    assertThatThrownBy(() -> admin.post("/realms", full))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was answered");
    assertThat(admin.get("/realms").findValuesAsString("realm")).doesNotContain("full");
  }
}
