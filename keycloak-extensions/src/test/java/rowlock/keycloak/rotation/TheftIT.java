/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.Ferry.JSON;
import static rowlock.keycloak.rotation.Ferry.claims;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.keycloak.ExtensionServer;
import rowlock.local.login.AuthorizationCodeFlow;

/** What ends when a refresh token comes back too late, and who is told. */
class TheftIT {
  private static Ferry ferry;

  @BeforeAll
  static void start() {
    ferry = new Ferry(ExtensionServer.shared());
  }

  @Test
  void theClientsSessionAloneEndsWhereThePolicySaysSo() {
    var person = ferry.person();
    // one session of one browser with two clients
    var narrow = new AuthorizationCodeFlow(ferry.server().issuer(Ferry.REALM), "narrow");
    var calm = new AuthorizationCodeFlow(ferry.server().issuer(Ferry.REALM), "calm");
    var browser = narrow.newBrowser();
    var login = narrow.begin(browser);
    var stolen =
        login.finish(
            login
                .loginPage()
                .submit("kc-form-login", Map.of("username", person, "password", Ferry.PASSWORD)));
    var again = calm.begin(browser);
    var elsewhere = again.finish(again.loginPage());
    var session = claims(stolen.accessToken()).path("sid").asString();
    assertThat(claims(elsewhere.accessToken()).path("sid").asString()).isEqualTo(session);
    var newest = ferry.refresh("narrow", stolen.requireRefreshToken());

    ferry.refresh("narrow", stolen.requireRefreshToken());

    assertThat(ferry.refresh("narrow", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(ferry.userinfo(newest.accessToken())).isEqualTo(401);
    assertThat(ferry.refresh("calm", elsewhere.requireRefreshToken()).status()).isEqualTo(200);
    assertThat(userSessions(person)).containsExactly(session);
  }

  @Test
  void theUsersSessionEndsAndOthersStay() {
    var person = ferry.person();
    var theft = theft("strict", person);
    var elsewhere = theft("calm", person);

    ferry.refresh("strict", theft.first());

    assertThat(userSessions(person)).doesNotContain(theft.id()).contains(elsewhere.id());
    assertThat(ferry.refresh("calm", elsewhere.newest()).status()).isEqualTo(200);
  }

  @Test
  void allSessionsOfTheUserEndAndNobodyElses() {
    var person = ferry.person();
    var theft = theft("everywhere", person);
    var elsewhere = theft("calm", person);
    var offline = ferry.login("calm", person, "openid offline_access").refreshToken();
    var stranger = theft("everywhere", ferry.person());

    ferry.refresh("everywhere", theft.first());

    assertThat(userSessions(person)).isEmpty();
    assertThat(ferry.refresh("everywhere", theft.newest()).status()).isEqualTo(400);
    assertThat(ferry.refresh("calm", elsewhere.newest()).status()).isEqualTo(400);
    assertThat(ferry.refresh("calm", offline).status()).isEqualTo(400);
    assertThat(ferry.refresh("everywhere", stranger.newest()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"strict", "narrow", "everywhere"})
  void theClientIsToldOverTheBackChannel(String client) throws IOException {
    var told = new LinkedBlockingQueue<String>();
    var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          told.add(new String(exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    try {
      backChannel(client, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
      var theft = theft(client, ferry.person());

      ferry.refresh(client, theft.first());

      await().until(() -> !told.isEmpty());
      var logout = told.remove();
      assertThat(logout).startsWith("logout_token=");
      assertThat(claims(logout).path("sid").asString()).isEqualTo(theft.id());
    } finally {
      backChannel(client, "");
      receiver.stop(0);
    }
  }

  @Test
  void theSecurityLogNamesUserSessionFamilyClientAndReason() {
    var person = ferry.person();
    var theft = theft("strict", person);

    ferry.refresh("strict", theft.first());

    var family = claims(theft.first()).path("reuse_id").asString();
    var line = Theft.auditLine(ferry, family);
    assertThat(line)
        .containsEntry("event", "REFRESH_TOKEN")
        .containsEntry("outcome", "failure")
        .containsEntry("user_id", claims(theft.first()).path("sub").asString())
        .containsEntry("session_id", theft.id())
        .containsEntry("client_id", "strict")
        .containsEntry("reason", "invalid_token")
        .containsEntry("cause", "Refresh token reuse detected")
        .containsEntry("sessions_ended", "user-session")
        .containsEntry("refresh_token_id", claims(theft.first()).path("jti").asString());
  }

  @Test
  void metricsCountRotationsReplaysAndReuse() {
    var rotated = ferry.metric("rowlock_refresh_total", "outcome=\"rotated\"");
    var replayed = ferry.metric("rowlock_refresh_total", "outcome=\"replayed\"");
    var reuse = ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"");
    var waited = ferry.metric("rowlock_refresh_wait_seconds_count", "");

    var calm = theft("calm", ferry.person());
    ferry.refresh("calm", calm.first());
    ferry.refresh("strict", theft("strict", ferry.person()).first());

    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"rotated\"")).isEqualTo(rotated + 2);
    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"replayed\""))
        .isEqualTo(replayed + 1);
    assertThat(ferry.metric("rowlock_refresh_total", "outcome=\"reuse\"")).isEqualTo(reuse + 1);
    assertThat(ferry.metric("rowlock_refresh_wait_seconds_count", "")).isEqualTo(waited + 4);
  }

  private static void backChannel(String clientId, String url) {
    var client = ferry.realm("/clients?clientId=" + clientId).path(0);
    var changed =
        Map.of(
            "clientId",
            clientId,
            "attributes",
            Map.of(
                "rotation",
                clientId,
                "backchannel.logout.url",
                url,
                "backchannel.logout.session.required",
                "true"));
    ferry
        .admin()
        .put(
            "/realms/" + Ferry.REALM + "/clients/" + client.path("id").asString(),
            JSON.writeValueAsString(changed));
  }

  private static Theft theft(String client, String person) {
    return Theft.prepared(ferry, client, person);
  }

  private static List<String> userSessions(String person) {
    var found = ferry.realm("/users/" + Theft.userId(ferry, person) + "/sessions");
    return found.valueStream().map(session -> session.path("id").asString()).toList();
  }
}
