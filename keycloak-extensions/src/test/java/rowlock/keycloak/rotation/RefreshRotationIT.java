/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.RotationRealm.claims;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.ExtensionServer;

/** Rotation on one real server, through the endpoints that clients use. */
class RefreshRotationIT {
  private static RotationRealm realm;

  @BeforeAll
  static void start() {
    realm = new RotationRealm(ExtensionServer.shared());
  }

  @Test
  void replay_withinWindow_returnsTheSameSuccessor() {
    var first = login("grace-60s");
    var successor = refresh("grace-60s", first);

    var again = realm.refresh("grace-60s", first);

    assertThat(again.refreshToken()).isEqualTo(successor);
    assertThat(realm.userinfo(again.accessToken())).isEqualTo(200);
    assertThat(refresh("grace-60s", successor)).isNotEqualTo(successor);
  }

  @Test
  void replay_grandparent_getsTheNewestToken() {
    var first = login("grace-60s");
    var third = refresh("grace-60s", refresh("grace-60s", first));

    assertThat(refresh("grace-60s", first)).isEqualTo(third);
    assertThat(refresh("grace-60s", third)).isNotEqualTo(third);
  }

  @Test
  void rotations_withinOneSecond_areDistinguished() {
    var user = realm.user();
    var chain = new ArrayList<String>();
    chain.add(realm.login("no-grace", user).refreshToken());
    chain.add(refresh("no-grace", chain.get(0)));
    chain.add(refresh("no-grace", chain.get(1)));

    assertThat(realm.refresh("no-grace", chain.get(0)).problem())
        .isEqualTo("Refresh token reuse detected");
    assertThat(realm.refresh("no-grace", chain.get(2)).status()).isEqualTo(400);
  }

  @Test
  void reuse_afterWindow_endsTheNewestTokens() {
    var login = realm.login("grace-1s", realm.user());
    var first = login.refreshToken();
    var newest = realm.refresh("grace-1s", first);
    assertThat(realm.userinfo(newest.accessToken())).isEqualTo(200);

    awaitEndOfTheBriefWindow();
    var answer = realm.refresh("grace-1s", first);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("error").asString()).isEqualTo("invalid_grant");
    assertThat(answer.problem()).isEqualTo("Refresh token reuse detected");
    assertThat(realm.refresh("grace-1s", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(realm.userinfo(newest.accessToken())).isEqualTo(401);
    assertThat(realm.userinfo(login.accessToken())).isEqualTo(401);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/45647")
  @ParameterizedTest
  @ValueSource(ints = {20, 200})
  void concurrentRefreshes_getOneSuccessor(int count) throws Exception {
    var first = login("default-grace");

    var answers = atOnce(count, () -> realm.refresh("default-grace", first));

    assertThat(answers).extracting(RotationRealm.Answer::status).containsOnly(200);
    var successors = new HashSet<String>();
    answers.forEach(answer -> successors.add(answer.refreshToken()));
    assertThat(successors).hasSize(1);
    assertThat(realm.refresh("default-grace", successors.iterator().next()).status())
        .isEqualTo(200);
  }

  /** A server that compares the times of tokens in seconds accepts the first one again. */
  @FieldReport("https://github.com/keycloak/keycloak/issues/50999")
  @Test
  void replayWithinOneSecond_isAcceptedByTheStockServerOnly() {
    assertThat(replayWithinOneSecond("no-policy").status())
        .as("the stock server; if it refuses, its fault is repaired")
        .isEqualTo(200);

    assertThat(replayWithinOneSecond("no-grace").problem())
        .isEqualTo("Refresh token reuse detected");
    assertThat(replayWithinOneSecond("grace-60s").refreshToken())
        .as("in the window, the newest token and no other")
        .isEqualTo(newestOfReplay);
  }

  private String newestOfReplay;

  /**
   * Uses a token and its successor in the second in which they were issued, and the first again.
   */
  private RotationRealm.Answer replayWithinOneSecond(String client) {
    while (true) {
      var first = login(client);
      newestOfReplay = refresh(client, refresh(client, first));
      if (issuedAt(first) == issuedAt(newestOfReplay)) {
        return realm.refresh(client, first);
      }
    }
  }

  private static long issuedAt(String token) {
    return claims(token).path("iat").asLong();
  }

  @Test
  void untilSuccessorUsed_unusedSuccessor_isReplayed() {
    var first = login("until-used");
    var second = refresh("until-used", first);

    assertThat(refresh("until-used", first)).isEqualTo(second);
    refresh("until-used", second);

    assertThat(realm.refresh("until-used", first).problem())
        .isEqualTo("Refresh token reuse detected");
  }

  @Test
  void offlineToken_isReplayedAndReuseEndsTheSession() {
    var user = realm.user();
    var first = realm.login("grace-60s", user, "openid offline_access").refreshToken();
    var second = refresh("grace-60s", first);
    assertThat(claims(first).path("typ").asString()).isEqualTo("Offline");
    assertThat(refresh("grace-60s", first)).isEqualTo(second);

    var other = realm.login("no-grace", user, "openid offline_access").refreshToken();
    var newest = refresh("no-grace", other);
    assertThat(realm.refresh("no-grace", other).problem())
        .isEqualTo("Refresh token reuse detected");
    assertThat(realm.refresh("no-grace", newest).status()).isEqualTo(400);
  }

  @Test
  void tokenOfAnotherClient_isRejectedWithoutEffect() {
    var first = login("grace-60s");
    var second = refresh("grace-60s", first);

    assertThat(realm.refresh("other-app", first).status()).isEqualTo(400);
    assertThat(realm.refresh("other-app", second).status()).isEqualTo(400);
    assertThat(realm.refresh("no-policy", first).status()).isEqualTo(400);

    assertThat(realm.refresh("grace-60s", second).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout", "revoke"})
  void logoutAndRevocation_withUsedToken_endTheSession(String endpoint) {
    var first = login("grace-60s");
    var newest = realm.refresh("grace-60s", first);

    var form =
        endpoint.equals("logout")
            ? Map.of("client_id", "grace-60s", "refresh_token", first)
            : Map.of("client_id", "grace-60s", "token", first);
    assertThat(realm.post(endpoint, form).status()).isIn(200, 204);

    assertThat(realm.refresh("grace-60s", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(realm.userinfo(newest.accessToken())).isEqualTo(401);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/51312")
  @ParameterizedTest
  @ValueSource(strings = {"revoke", "logout"})
  void revocation_duringRefresh_leavesNoUsableToken(String endpoint) throws Exception {
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var round = 0; round < 10; round++) {
        var token = login("grace-60s");
        var refreshes = new ArrayList<Future<RotationRealm.Answer>>();
        for (var i = 0; i < 6; i++) {
          refreshes.add(threads.submit(() -> realm.refresh("grace-60s", token)));
        }

        var parameter = endpoint.equals("logout") ? "refresh_token" : "token";
        assertThat(
                realm.post(endpoint, Map.of("client_id", "grace-60s", parameter, token)).status())
            .isIn(200, 204);

        for (var refresh : refreshes) {
          var answer = refresh.get();
          if (answer.status() == 200) {
            assertThat(realm.refresh("grace-60s", answer.refreshToken()).status()).isEqualTo(400);
            assertThat(realm.userinfo(answer.accessToken())).isEqualTo(401);
          }
        }
      }
    }
  }

  @Test
  void clientWithoutPolicy_isRotatedByTheServer() {
    var user = realm.user();
    var first = realm.login("no-policy", user).refreshToken();
    var newest = refresh("no-policy", first);

    var answer = realm.refresh("no-policy", first);

    assertThat(answer.problem()).isEqualTo("Maximum allowed refresh token reuse exceeded");
    assertThat(realm.refresh("no-policy", newest).status()).isEqualTo(400);
    assertThat(realm.metric("rowlock_refresh_total", "client_id=\"no-policy\"")).isZero();
  }

  @Test
  void boundToken_isReplayedOnlyWithItsKey() {
    var key = DpopKey.generate();
    var endpoint = realm.endpoint("token");
    var first =
        realm
            .login("grace-60s", realm.user(), "openid", "DPoP", key.proof("POST", endpoint))
            .refreshToken();
    var second =
        realm.refresh("grace-60s", first, "DPoP", key.proof("POST", endpoint)).refreshToken();

    var attacker = DpopKey.generate();
    assertThat(realm.refresh("grace-60s", first).status()).isEqualTo(400);
    assertThat(realm.refresh("grace-60s", first, "DPoP", attacker.proof("POST", endpoint)).status())
        .isEqualTo(400);

    assertThat(
            realm.refresh("grace-60s", first, "DPoP", key.proof("POST", endpoint)).refreshToken())
        .isEqualTo(second);
    assertThat(realm.refresh("grace-60s", second, "DPoP", key.proof("POST", endpoint)).status())
        .isEqualTo(200);
  }

  @ParameterizedTest(name = "{0}: used with {1}, then with {2}")
  @CsvSource({
    "grace-60s, a key, no key",
    "grace-60s, a key, another key",
    "grace-60s, no key, a key",
    "confidential, a key, no key",
    "confidential, a key, another key",
    "confidential, no key, a key"
  })
  void replay_withAnotherBinding_isRefusedAndEndsNothing(
      String client, String firstKey, String otherKey) {
    var keys = Map.of("a key", DpopKey.generate(), "another key", DpopKey.generate());
    var first = realm.login(client, realm.user()).refreshToken();
    var used = refreshBound(client, first, keys.get(firstKey));
    var bound = claims(used.accessToken()).path("cnf");
    var refused = realm.metric("rowlock_refresh_total", refusals(client));

    var other = refreshBound(client, first, keys.get(otherKey));

    assertConflict(other);
    assertThat(realm.metric("rowlock_refresh_total", refusals(client))).isEqualTo(refused + 1);
    var again = refreshBound(client, first, keys.get(firstKey));
    assertThat(again.refreshToken()).isEqualTo(used.refreshToken());
    assertThat(claims(again.accessToken()).path("cnf")).isEqualTo(bound);
    assertThat(again.body().path("token_type")).isEqualTo(used.body().path("token_type"));
    assertThat(refreshBound(client, used.refreshToken(), keys.get(firstKey)).status())
        .isEqualTo(200);
  }

  @ParameterizedTest(name = "{0} = {1}, then {2}")
  @CsvSource({
    "scope, openid, ''",
    "scope, '', openid",
    "scope, openid email, openid profile",
    "resource, '', https://api.example.org",
    "resource, https://api.example.org, https://other.example.org",
    "audience, '', other-app",
    "requested_token_type, '', urn:ietf:params:oauth:token-type:jwt",
    "claims, '', {}"
  })
  void replay_forOtherTokens_isRefusedAndEndsNothing(String name, String value, String other) {
    var first = realm.login("grace-60s", realm.user()).refreshToken();
    var used = realm.refresh("grace-60s", first, parameter(name, value));

    assertConflict(realm.refresh("grace-60s", first, parameter(name, other)));

    var again = realm.refresh("grace-60s", first, parameter(name, value));
    assertThat(again.refreshToken()).isEqualTo(used.refreshToken());
    assertThat(claims(again.accessToken()).path("scope"))
        .isEqualTo(claims(used.accessToken()).path("scope"));
    assertThat(realm.refresh("grace-60s", used.refreshToken()).status()).isEqualTo(200);
  }

  @Test
  void replay_sameScopeInAnotherOrder_isARepetition() {
    var first = login("grace-60s");
    var used = realm.refresh("grace-60s", first, Map.of("scope", "openid email"));

    assertThat(realm.refresh("grace-60s", first, Map.of("scope", "email openid")).refreshToken())
        .isEqualTo(used.refreshToken());
  }

  @Test
  void replay_descendantIsBound_getsBoundToken() {
    var key = DpopKey.generate();
    var first = login("grace-60s");
    var second = refresh("grace-60s", first);
    var third = refreshBound("grace-60s", second, key).refreshToken();

    assertThat(refresh("grace-60s", first)).isEqualTo(third);
    assertThat(realm.refresh("grace-60s", third).status()).isEqualTo(400);
    assertThat(refreshBound("grace-60s", third, key).status()).isEqualTo(200);
  }

  @Test
  void rejectedReplay_afterWindow_isReuse() {
    var login = realm.login("grace-1s", realm.user());
    var first = login.refreshToken();
    var newest = realm.refresh("grace-1s", first);
    realm.refresh("grace-1s", first, Map.of("scope", "openid"));

    awaitEndOfTheBriefWindow();

    assertThat(realm.refresh("grace-1s", first, Map.of("scope", "openid")).problem())
        .isEqualTo("Refresh token reuse detected");
    assertThat(realm.refresh("grace-1s", newest.refreshToken()).status()).isEqualTo(400);
  }

  @Test
  void replay_afterRoleChange_hasSameRefreshTokenAndNewRoles() {
    var user = realm.user();
    var roles =
        "/clients/" + realm.read("/clients?clientId=other-app").path(0).path("id").asString();
    var admin = realm.admin();
    admin.post("/realms/" + RotationRealm.REALM + roles + "/roles", "{\"name\":\"reader\"}");
    admin.post(
        "/realms/" + RotationRealm.REALM + "/users/" + userId(user) + "/role-mappings" + roles,
        "[" + realm.read(roles + "/roles/reader") + "]");
    var first = realm.login("grace-60s", user).refreshToken();
    var used = realm.refresh("grace-60s", first);
    assertThat(claims(used.accessToken()).path("aud").toString()).contains("other-app");

    admin.delete("/realms/" + RotationRealm.REALM + roles + "/roles/reader");
    var again = realm.refresh("grace-60s", first);

    assertThat(again.refreshToken()).isEqualTo(used.refreshToken());
    assertThat(claims(again.accessToken()).path("aud").toString()).doesNotContain("other-app");
  }

  @Test
  void replay_ofAUserWhoWasDisabled_isRefused() {
    var user = realm.user();
    var first = realm.login("grace-60s", user).refreshToken();
    refresh("grace-60s", first);

    realm
        .admin()
        .put("/realms/" + RotationRealm.REALM + "/users/" + userId(user), "{\"enabled\":false}");

    assertThat(realm.refresh("grace-60s", first).body().path("error").asString())
        .isEqualTo("invalid_grant");
  }

  private static Map<String, String> parameter(String name, String value) {
    return value.isEmpty() ? Map.of() : Map.of(name, value);
  }

  private static void assertConflict(RotationRealm.Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("error").asString()).isEqualTo("invalid_grant");
    assertThat(answer.problem()).isEqualTo(GraceRefreshTokenProvider.CONFLICT);
  }

  private static RotationRealm.Answer refreshBound(
      String client, String token, @Nullable DpopKey key) {
    var secret = Map.of("client_secret", client);
    return key == null
        ? realm.refresh(client, token, secret)
        : realm.refresh(client, token, secret, "DPoP", key.proof("POST", realm.endpoint("token")));
  }

  /** Returns the labels of the counter of rejected repetitions, in the order of the endpoint. */
  private static String refusals(String client) {
    return "client_id=\"" + client + "\",outcome=\"refused\"";
  }

  private static String userId(String user) {
    return realm.read("/users?exact=true&username=" + user).path(0).path("id").asString();
  }

  @Tag("thorough")
  @Test
  void concurrentUsers_refreshWithoutFailure() throws Exception {
    // password hashes are slow by design: all users log in before the clock starts
    var tokens =
        realm.users(50).stream().map(user -> realm.login("grace-1s", user).refreshToken()).toList();
    var end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    var work = new ArrayList<Callable<Integer>>();
    for (var first : tokens) {
      work.add(
          () -> {
            var token = first;
            var refreshes = 0;
            while (System.nanoTime() < end) {
              token = refresh("grace-1s", token);
              refreshes++;
            }
            return refreshes;
          });
    }
    try (var threads = Executors.newFixedThreadPool(tokens.size())) {
      for (var one : threads.invokeAll(work)) {
        assertThat(one.get()).isPositive();
      }
    }
  }

  static void awaitEndOfTheBriefWindow() {
    var end = System.nanoTime() + Duration.ofMillis(1100).toNanos();
    await().until(() -> System.nanoTime() > end);
  }

  static <T> List<T> atOnce(int count, Callable<T> one) throws Exception {
    try (var threads = Executors.newFixedThreadPool(count)) {
      var all = new ArrayList<T>();
      for (var future : threads.invokeAll(Collections.nCopies(count, one))) {
        all.add(future.get());
      }
      return all;
    }
  }

  private static String login(String client) {
    return realm.login(client, realm.user()).refreshToken();
  }

  private static String refresh(String client, String token) {
    return realm.refresh(client, token).refreshToken();
  }
}
