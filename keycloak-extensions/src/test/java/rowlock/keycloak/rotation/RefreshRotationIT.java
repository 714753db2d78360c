/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.Ferry.claims;

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

/** What a client sees of rotation, on one real server. */
class RefreshRotationIT {
  private static Ferry ferry;

  @BeforeAll
  static void start() {
    ferry = new Ferry(ExtensionServer.shared());
  }

  @Test
  void aTokenThatComesBackInsideTheWindowGetsTheSameSuccessorByteForByte() {
    var first = login("calm");
    var successor = refresh("calm", first);

    var again = ferry.refresh("calm", first);

    assertThat(again.refreshToken()).isEqualTo(successor);
    assertThat(ferry.userinfo(again.accessToken())).isEqualTo(200);
    assertThat(refresh("calm", successor)).isNotEqualTo(successor);
  }

  @Test
  void aGrandparentInsideTheWindowGetsTheNewestTokenSoThatNothingForks() {
    var first = login("calm");
    var third = refresh("calm", refresh("calm", first));

    assertThat(refresh("calm", first)).isEqualTo(third);
    assertThat(refresh("calm", third)).isNotEqualTo(third);
  }

  @Test
  void inAChainWithinOneSecondNoTokenIsTakenForAnother() {
    var person = ferry.person();
    var chain = new ArrayList<String>();
    chain.add(ferry.login("strict", person).refreshToken());
    chain.add(refresh("strict", chain.get(0)));
    chain.add(refresh("strict", chain.get(1)));

    assertThat(ferry.refresh("strict", chain.get(0)).problem())
        .isEqualTo("Refresh token reuse detected");
    assertThat(ferry.refresh("strict", chain.get(2)).status()).isEqualTo(400);
  }

  @Test
  void afterTheWindowTheNewestTokensDieToo() {
    var login = ferry.login("brief", ferry.person());
    var first = login.refreshToken();
    var newest = ferry.refresh("brief", first);
    assertThat(ferry.userinfo(newest.accessToken())).isEqualTo(200);

    awaitEndOfTheBriefWindow();
    var answer = ferry.refresh("brief", first);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("error").asString()).isEqualTo("invalid_grant");
    assertThat(answer.problem()).isEqualTo("Refresh token reuse detected");
    assertThat(ferry.refresh("brief", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(ferry.userinfo(newest.accessToken())).isEqualTo(401);
    assertThat(ferry.userinfo(login.accessToken())).isEqualTo(401);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/45647")
  @ParameterizedTest
  @ValueSource(ints = {20, 200})
  void manyRefreshesOfOneTokenAtOnceAllGetOneSuccessor(int count) throws Exception {
    var first = login("usual");

    var answers = atOnce(count, () -> ferry.refresh("usual", first));

    assertThat(answers).extracting(Ferry.Answer::status).containsOnly(200);
    var successors = new HashSet<String>();
    answers.forEach(answer -> successors.add(answer.refreshToken()));
    assertThat(successors).hasSize(1);
    assertThat(ferry.refresh("usual", successors.iterator().next()).status()).isEqualTo(200);
  }

  @Test
  void whenTheSuccessorWasNeverUsedAPatientClientMayComeBack_butNotLater() {
    var first = login("patient");
    var second = refresh("patient", first);

    assertThat(refresh("patient", first)).isEqualTo(second);
    refresh("patient", second);

    assertThat(ferry.refresh("patient", first).problem()).isEqualTo("Refresh token reuse detected");
  }

  @Test
  void anOfflineTokenIsReplayedAndItsReuseIsTheftLikeAnyOther() {
    var person = ferry.person();
    var first = ferry.login("calm", person, "openid offline_access").refreshToken();
    var second = refresh("calm", first);
    assertThat(claims(first).path("typ").asString()).isEqualTo("Offline");
    assertThat(refresh("calm", first)).isEqualTo(second);

    var other = ferry.login("strict", person, "openid offline_access").refreshToken();
    var newest = refresh("strict", other);
    assertThat(ferry.refresh("strict", other).problem()).isEqualTo("Refresh token reuse detected");
    assertThat(ferry.refresh("strict", newest).status()).isEqualTo(400);
  }

  @Test
  void anotherClientsTokenIsRefusedAndDoesNoHarm() {
    var first = login("calm");
    var second = refresh("calm", first);

    assertThat(ferry.refresh("neighbour", first).status()).isEqualTo(400);
    assertThat(ferry.refresh("neighbour", second).status()).isEqualTo(400);
    assertThat(ferry.refresh("plain", first).status()).isEqualTo(400);

    assertThat(ferry.refresh("calm", second).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout", "revoke"})
  void logoutAndRevocationWithAUsedTokenEndTheSession(String endpoint) {
    var first = login("calm");
    var newest = ferry.refresh("calm", first);

    var form =
        endpoint.equals("logout")
            ? Map.of("client_id", "calm", "refresh_token", first)
            : Map.of("client_id", "calm", "token", first);
    assertThat(ferry.post(endpoint, form).status()).isIn(200, 204);

    assertThat(ferry.refresh("calm", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(ferry.userinfo(newest.accessToken())).isEqualTo(401);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/51312")
  @ParameterizedTest
  @ValueSource(strings = {"revoke", "logout"})
  void revocation_whileTheTokenIsRefreshed_leavesNoTokenToUse(String endpoint) throws Exception {
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var round = 0; round < 10; round++) {
        var token = login("calm");
        var refreshes = new ArrayList<Future<Ferry.Answer>>();
        for (var i = 0; i < 6; i++) {
          refreshes.add(threads.submit(() -> ferry.refresh("calm", token)));
        }

        var parameter = endpoint.equals("logout") ? "refresh_token" : "token";
        assertThat(ferry.post(endpoint, Map.of("client_id", "calm", parameter, token)).status())
            .isIn(200, 204);

        for (var refresh : refreshes) {
          var answer = refresh.get();
          if (answer.status() == 200) {
            assertThat(ferry.refresh("calm", answer.refreshToken()).status()).isEqualTo(400);
            assertThat(ferry.userinfo(answer.accessToken())).isEqualTo(401);
          }
        }
      }
    }
  }

  @Test
  void aClientOutsideThePolicyIsRotatedByTheServerAlone() {
    var person = ferry.person();
    var first = ferry.login("plain", person).refreshToken();
    var newest = refresh("plain", first);

    var answer = ferry.refresh("plain", first);

    assertThat(answer.problem()).isEqualTo("Maximum allowed refresh token reuse exceeded");
    assertThat(ferry.refresh("plain", newest).status()).isEqualTo(400);
    assertThat(ferry.metric("rowlock_refresh_total", "client_id=\"plain\"")).isZero();
  }

  @Test
  void aBoundTokenIsReplayedOnlyWithItsKey() {
    var key = DpopKey.generate();
    var endpoint = ferry.endpoint("token");
    var first =
        ferry
            .login("calm", ferry.person(), "openid", "DPoP", key.proof("POST", endpoint))
            .refreshToken();
    var second = ferry.refresh("calm", first, "DPoP", key.proof("POST", endpoint)).refreshToken();

    var thief = DpopKey.generate();
    assertThat(ferry.refresh("calm", first).status()).isEqualTo(400);
    assertThat(ferry.refresh("calm", first, "DPoP", thief.proof("POST", endpoint)).status())
        .isEqualTo(400);

    assertThat(ferry.refresh("calm", first, "DPoP", key.proof("POST", endpoint)).refreshToken())
        .isEqualTo(second);
    assertThat(ferry.refresh("calm", second, "DPoP", key.proof("POST", endpoint)).status())
        .isEqualTo(200);
  }

  @ParameterizedTest(name = "{0}: used with {1}, then with {2}")
  @CsvSource({
    "calm, a key, no key",
    "calm, a key, another key",
    "calm, no key, a key",
    "office, a key, no key",
    "office, a key, another key",
    "office, no key, a key"
  })
  void replay_withAnotherBinding_isRefusedAndEndsNothing(
      String client, String firstKey, String otherKey) {
    var keys = Map.of("a key", DpopKey.generate(), "another key", DpopKey.generate());
    var first = ferry.login(client, ferry.person()).refreshToken();
    var used = refreshBound(client, first, keys.get(firstKey));
    var bound = claims(used.accessToken()).path("cnf");
    var refused = ferry.metric("rowlock_refresh_total", refusals(client));

    var other = refreshBound(client, first, keys.get(otherKey));

    assertConflict(other);
    assertThat(ferry.metric("rowlock_refresh_total", refusals(client))).isEqualTo(refused + 1);
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
    "audience, '', neighbour",
    "requested_token_type, '', urn:ietf:params:oauth:token-type:jwt",
    "claims, '', {}"
  })
  void replay_forOtherTokens_isRefusedAndEndsNothing(String name, String value, String other) {
    var first = ferry.login("calm", ferry.person()).refreshToken();
    var used = ferry.refresh("calm", first, parameter(name, value));

    assertConflict(ferry.refresh("calm", first, parameter(name, other)));

    var again = ferry.refresh("calm", first, parameter(name, value));
    assertThat(again.refreshToken()).isEqualTo(used.refreshToken());
    assertThat(claims(again.accessToken()).path("scope"))
        .isEqualTo(claims(used.accessToken()).path("scope"));
    assertThat(ferry.refresh("calm", used.refreshToken()).status()).isEqualTo(200);
  }

  @Test
  void replay_sameScopeInAnotherOrder_isARepetition() {
    var first = login("calm");
    var used = ferry.refresh("calm", first, Map.of("scope", "openid email"));

    assertThat(ferry.refresh("calm", first, Map.of("scope", "email openid")).refreshToken())
        .isEqualTo(used.refreshToken());
  }

  @Test
  void replay_ofATokenWhoseDescendantIsBound_getsItBound() {
    var key = DpopKey.generate();
    var first = login("calm");
    var second = refresh("calm", first);
    var third = refreshBound("calm", second, key).refreshToken();

    assertThat(refresh("calm", first)).isEqualTo(third);
    assertThat(ferry.refresh("calm", third).status()).isEqualTo(400);
    assertThat(refreshBound("calm", third, key).status()).isEqualTo(200);
  }

  @Test
  void refusedReplay_afterTheWindow_isTheft() {
    var login = ferry.login("brief", ferry.person());
    var first = login.refreshToken();
    var newest = ferry.refresh("brief", first);
    ferry.refresh("brief", first, Map.of("scope", "openid"));

    awaitEndOfTheBriefWindow();

    assertThat(ferry.refresh("brief", first, Map.of("scope", "openid")).problem())
        .isEqualTo("Refresh token reuse detected");
    assertThat(ferry.refresh("brief", newest.refreshToken()).status()).isEqualTo(400);
  }

  @Test
  void replay_afterTheRolesChanged_hasTheSameRefreshTokenAndTheNewRoles() {
    var person = ferry.person();
    var roles =
        "/clients/" + ferry.realm("/clients?clientId=neighbour").path(0).path("id").asString();
    var admin = ferry.admin();
    admin.post("/realms/" + Ferry.REALM + roles + "/roles", "{\"name\":\"pilot\"}");
    admin.post(
        "/realms/" + Ferry.REALM + "/users/" + userId(person) + "/role-mappings" + roles,
        "[" + ferry.realm(roles + "/roles/pilot") + "]");
    var first = ferry.login("calm", person).refreshToken();
    var used = ferry.refresh("calm", first);
    assertThat(claims(used.accessToken()).path("aud").toString()).contains("neighbour");

    admin.delete("/realms/" + Ferry.REALM + roles + "/roles/pilot");
    var again = ferry.refresh("calm", first);

    assertThat(again.refreshToken()).isEqualTo(used.refreshToken());
    assertThat(claims(again.accessToken()).path("aud").toString()).doesNotContain("neighbour");
  }

  @Test
  void replay_ofAUserWhoWasDisabled_isRefused() {
    var person = ferry.person();
    var first = ferry.login("calm", person).refreshToken();
    refresh("calm", first);

    ferry.admin().put("/realms/" + Ferry.REALM + "/users/" + userId(person), "{\"enabled\":false}");

    assertThat(ferry.refresh("calm", first).body().path("error").asString())
        .isEqualTo("invalid_grant");
  }

  private static Map<String, String> parameter(String name, String value) {
    return value.isEmpty() ? Map.of() : Map.of(name, value);
  }

  private static void assertConflict(Ferry.Answer answer) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("error").asString()).isEqualTo("invalid_grant");
    assertThat(answer.problem()).isEqualTo(GraceRefreshTokenProvider.CONFLICT);
  }

  private static Ferry.Answer refreshBound(String client, String token, @Nullable DpopKey key) {
    var secret = Map.of("client_secret", client);
    return key == null
        ? ferry.refresh(client, token, secret)
        : ferry.refresh(client, token, secret, "DPoP", key.proof("POST", ferry.endpoint("token")));
  }

  /** The labels of the counter of refused repetitions, as the endpoint sorts them. */
  private static String refusals(String client) {
    return "client_id=\"" + client + "\",outcome=\"refused\"";
  }

  private static String userId(String person) {
    return ferry.realm("/users?exact=true&username=" + person).path(0).path("id").asString();
  }

  @Tag("thorough")
  @Test
  void manyUsersThatRefreshTheirOwnTokensForAWhileSeeNoFailure() throws Exception {
    // passwords are slow by design: all sign in before the clock starts
    var tokens =
        ferry.people(50).stream()
            .map(person -> ferry.login("brief", person).refreshToken())
            .toList();
    var end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    var work = new ArrayList<Callable<Integer>>();
    for (var first : tokens) {
      work.add(
          () -> {
            var token = first;
            var refreshes = 0;
            while (System.nanoTime() < end) {
              token = refresh("brief", token);
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
    return ferry.login(client, ferry.person()).refreshToken();
  }

  private static String refresh(String client, String token) {
    return ferry.refresh(client, token).refreshToken();
  }
}
