/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.RotationRealm.JSON;
import static rowlock.keycloak.rotation.RotationRealm.claims;

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

/** Sessions that a reuse of a refresh token ends, and the notified clients. */
class TokenReuseIT {
  private static RotationRealm realm;

  @BeforeAll
  static void start() {
    realm = new RotationRealm(ExtensionServer.shared());
  }

  @Test
  void onReuse_clientSession_endsThatSessionOnly() {
    var user = realm.user();
    // one session of one browser with two clients
    var ending =
        new AuthorizationCodeFlow(realm.server().issuer(RotationRealm.REALM), "end-client-session");
    var grace = new AuthorizationCodeFlow(realm.server().issuer(RotationRealm.REALM), "grace-60s");
    var browser = ending.newBrowser();
    var login = ending.begin(browser);
    var stolen =
        login.finish(
            login
                .loginPage()
                .submit(
                    "kc-form-login", Map.of("username", user, "password", RotationRealm.PASSWORD)));
    var again = grace.begin(browser);
    var elsewhere = again.finish(again.loginPage());
    var session = claims(stolen.accessToken()).path("sid").asString();
    assertThat(claims(elsewhere.accessToken()).path("sid").asString()).isEqualTo(session);
    var newest = realm.refresh("end-client-session", stolen.requireRefreshToken());

    realm.refresh("end-client-session", stolen.requireRefreshToken());

    assertThat(realm.refresh("end-client-session", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(realm.userinfo(newest.accessToken())).isEqualTo(401);
    assertThat(realm.refresh("grace-60s", elsewhere.requireRefreshToken()).status()).isEqualTo(200);
    assertThat(userSessions(user)).containsExactly(session);
  }

  @Test
  void onReuse_userSession_keepsOtherSessions() {
    var user = realm.user();
    var rotated = rotatedSession("no-grace", user);
    var elsewhere = rotatedSession("grace-60s", user);

    realm.refresh("no-grace", rotated.first());

    assertThat(userSessions(user)).doesNotContain(rotated.id()).contains(elsewhere.id());
    assertThat(realm.refresh("grace-60s", elsewhere.newest()).status()).isEqualTo(200);
  }

  @Test
  void onReuse_allSessions_endsOnlyThoseOfTheUser() {
    var user = realm.user();
    var rotated = rotatedSession("end-all-sessions", user);
    var elsewhere = rotatedSession("grace-60s", user);
    var offline = realm.login("grace-60s", user, "openid offline_access").refreshToken();
    var stranger = rotatedSession("end-all-sessions", realm.user());

    realm.refresh("end-all-sessions", rotated.first());

    assertThat(userSessions(user)).isEmpty();
    assertThat(realm.refresh("end-all-sessions", rotated.newest()).status()).isEqualTo(400);
    assertThat(realm.refresh("grace-60s", elsewhere.newest()).status()).isEqualTo(400);
    assertThat(realm.refresh("grace-60s", offline).status()).isEqualTo(400);
    assertThat(realm.refresh("end-all-sessions", stranger.newest()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"no-grace", "end-client-session", "end-all-sessions"})
  void onReuse_clientIsNotifiedByBackChannelLogout(String client) throws IOException {
    var logouts = new LinkedBlockingQueue<String>();
    var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          logouts.add(new String(exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    try {
      backChannel(client, "http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
      var rotated = rotatedSession(client, realm.user());

      realm.refresh(client, rotated.first());

      await().until(() -> !logouts.isEmpty());
      var logout = logouts.remove();
      assertThat(logout).startsWith("logout_token=");
      assertThat(claims(logout).path("sid").asString()).isEqualTo(rotated.id());
    } finally {
      backChannel(client, "");
      receiver.stop(0);
    }
  }

  @Test
  void securityLog_hasUserSessionFamilyClientAndReason() {
    var user = realm.user();
    var rotated = rotatedSession("no-grace", user);

    realm.refresh("no-grace", rotated.first());

    var family = claims(rotated.first()).path("reuse_id").asString();
    var line = RotatedSession.auditLine(realm, family);
    assertThat(line)
        .containsEntry("event", "REFRESH_TOKEN")
        .containsEntry("outcome", "failure")
        .containsEntry("user_id", claims(rotated.first()).path("sub").asString())
        .containsEntry("session_id", rotated.id())
        .containsEntry("client_id", "no-grace")
        .containsEntry("reason", "invalid_token")
        .containsEntry("cause", "Refresh token reuse detected")
        .containsEntry("sessions_ended", "user-session")
        .containsEntry("refresh_token_id", claims(rotated.first()).path("jti").asString());
  }

  @Test
  void metrics_countRotationsReplaysAndReuse() {
    var rotated = realm.metric("rowlock_refresh_total", "outcome=\"rotated\"");
    var replayed = realm.metric("rowlock_refresh_total", "outcome=\"replayed\"");
    var reuse = realm.metric("rowlock_refresh_total", "outcome=\"reuse\"");
    var waited = realm.metric("rowlock_refresh_wait_seconds_count", "");

    var grace = rotatedSession("grace-60s", realm.user());
    realm.refresh("grace-60s", grace.first());
    realm.refresh("no-grace", rotatedSession("no-grace", realm.user()).first());

    assertThat(realm.metric("rowlock_refresh_total", "outcome=\"rotated\"")).isEqualTo(rotated + 2);
    assertThat(realm.metric("rowlock_refresh_total", "outcome=\"replayed\""))
        .isEqualTo(replayed + 1);
    assertThat(realm.metric("rowlock_refresh_total", "outcome=\"reuse\"")).isEqualTo(reuse + 1);
    assertThat(realm.metric("rowlock_refresh_wait_seconds_count", "")).isEqualTo(waited + 4);
  }

  private static void backChannel(String clientId, String url) {
    var client = realm.read("/clients?clientId=" + clientId).path(0);
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
    realm
        .admin()
        .put(
            "/realms/" + RotationRealm.REALM + "/clients/" + client.path("id").asString(),
            JSON.writeValueAsString(changed));
  }

  private static RotatedSession rotatedSession(String client, String user) {
    return RotatedSession.prepared(realm, client, user);
  }

  private static List<String> userSessions(String user) {
    var found = realm.read("/users/" + RotatedSession.userId(realm, user) + "/sessions");
    return found.valueStream().map(session -> session.path("id").asString()).toList();
  }
}
