/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.revocation.Lighthouse.Person;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever ends a session, the receiver is told. */
class SessionSourcesIT extends WatchedRealm {

  @Test
  void aLogoutIsTheEndOfThatSessionAlone() {
    var person = lighthouse.person();
    var ended = lighthouse.login("lamp", person);
    var other = lighthouse.login("lamp", person);
    var before = Instant.now();

    lighthouse.post("logout", Map.of("client_id", "lamp", "refresh_token", ended.refreshToken()));

    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    var told = receiver.about(person.id());
    var event = told.get(0);
    assertThat(event.shortType()).isEqualTo("session-revoked");
    assertThat(event.session()).isEqualTo(ended.sessionId());
    assertThat(event.application()).isEmpty();
    assertThat(event.claims().propertyNames())
        .containsExactlyInAnyOrder("iss", "aud", "jti", "iat", "toe", "txn", "sub_id", "events");
    assertThat(event.claims().path("iss").asString())
        .isEqualTo(lighthouse.server().issuer(Lighthouse.REALM));
    assertThat(event.claims().path("aud").asString()).isEqualTo("api");
    var toe = event.claims().path("toe").decimalValue().movePointRight(3).longValueExact();
    assertThat(Instant.ofEpochMilli(toe))
        .isBetween(before.minusMillis(1), Instant.now().plusMillis(1));
    assertThat(event.event().path("event_timestamp").asLong()).isEqualTo(toe / 1000);
    assertThat(event.event().path("initiating_entity").asString()).isEqualTo("user");
    assertThat(event.claims().toString()).doesNotContain("@", "Lewis");
    assertThat(lighthouse.lives("lamp", other)).isTrue();
  }

  @Test
  void aLogoutInTheBrowserEndsTheSessionForAllItsClients() {
    var person = lighthouse.person();
    var lamp = lighthouse.flow("lamp");
    var browser = lamp.newBrowser();
    var attempt = lamp.begin(browser);
    var tokens =
        attempt.finish(
            attempt
                .loginPage()
                .submit(
                    "kc-form-login",
                    Map.of("username", person.name(), "password", Lighthouse.PASSWORD)));
    var mirror = lighthouse.login(lighthouse.flow("mirror"), browser, person);

    browser.open(
        URI.create(
            lighthouse.server().issuer(Lighthouse.REALM)
                + "/protocol/openid-connect/logout?id_token_hint="
                + tokens.idToken()));

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(mirror.sessionId()));
    assertThat(lighthouse.lives("mirror", mirror)).isFalse();
  }

  @Test
  void inTheAccountConsoleOneSessionIsEnded() {
    var person = lighthouse.person();
    var here = lighthouse.login("lamp", person);
    var there = lighthouse.login("lamp", person);

    assertThat(
            lighthouse
                .account("DELETE", "/sessions/" + there.sessionId(), here.accessToken())
                .status())
        .isEqualTo(204);

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(there.sessionId()));
  }

  @Test
  void inTheAccountConsoleAllOtherSessionsAreEnded() {
    var person = lighthouse.person();
    var here = lighthouse.login("lamp", person);
    var there = lighthouse.login("lamp", person);
    var elsewhere = lighthouse.login("mirror", person);

    lighthouse.account("DELETE", "/sessions", here.accessToken());

    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(there.sessionId(), elsewhere.sessionId()));
    assertThat(lighthouse.lives("lamp", here)).isTrue();
  }

  @Test
  void anAdministratorLogsAUserOut() {
    var person = lighthouse.person();
    var one = lighthouse.login("lamp", person);
    var two = lighthouse.login("mirror", person);
    var stranger = lighthouse.person();
    lighthouse.login("lamp", stranger);

    lighthouse.admin().post(lighthouse.realm("/users/" + person.id() + "/logout"), "");

    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(one.sessionId(), two.sessionId()));
    assertThat(receiver.about(stranger.id())).isEmpty();
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("admin");
    assertThat(receiver.about(person.id()))
        .extracting(one1 -> one1.claims().path("txn").asString())
        .containsOnly(receiver.about(person.id()).get(0).claims().path("txn").asString());
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/50926")
  @Test
  void whenAnAdministratorLogsAUserOutOfflineTokensEndToo() {
    var person = lighthouse.person();
    var offline = lighthouse.login("lamp", person, "openid offline_access");
    var elsewhere = lighthouse.login("mirror", person, "openid offline_access");

    lighthouse.admin().post(lighthouse.realm("/users/" + person.id() + "/logout"), "");

    assertThat(lighthouse.lives("lamp", offline)).isFalse();
    assertThat(lighthouse.lives("mirror", elsewhere)).isFalse();
    assertThat(offlineSessions(person.id(), "lamp")).isEmpty();
    assertThat(offlineSessions(person.id(), "mirror")).isEmpty();
    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(offline.sessionId(), elsewhere.sessionId()));
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27275")
  @Test
  void whenAnAdministratorEndsASessionItsOfflineTokenEndsToo() {
    var person = lighthouse.person();
    var lamp = lighthouse.flow("lamp");
    var browser = lamp.newBrowser();
    var online = lighthouse.login(lamp, browser, person);
    var offline =
        lighthouse.login(
            lighthouse.flow("mirror").withScope("openid offline_access"), browser, person);
    assertThat(offline.sessionId()).isEqualTo(online.sessionId());
    var other = lighthouse.login("mirror", person, "openid offline_access");

    lighthouse.admin().delete(lighthouse.realm("/sessions/" + online.sessionId()));

    assertThat(lighthouse.lives("mirror", offline)).isFalse();
    assertThat(lighthouse.lives("mirror", other)).isTrue();
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(online.sessionId()));
  }

  private static JsonNode offlineSessions(String user, String client) {
    var id =
        lighthouse
            .admin()
            .get(lighthouse.realm("/clients?clientId=" + client))
            .path(0)
            .path("id")
            .asString();
    return lighthouse.admin().get(lighthouse.realm("/users/" + user + "/offline-sessions/" + id));
  }

  @Test
  void anAdministratorEndsASession() {
    var person = lighthouse.person();
    var ended = lighthouse.login("lamp", person);
    var other = lighthouse.login("lamp", person);

    lighthouse.admin().delete(lighthouse.realm("/sessions/" + ended.sessionId()));

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(ended.sessionId()));
    assertThat(lighthouse.lives("lamp", other)).isTrue();
  }

  @Test
  void anAdministratorEndsAllSessionsOfTheRealm() {
    var person = lighthouse.person();
    var offline = lighthouse.login("lamp", person, "openid offline_access");
    var before = receiver.told().size();

    lighthouse.admin().post(lighthouse.realm("/logout-all"), "");

    assertThat(lighthouse.lives("lamp", offline)).isFalse();
    eventually(() -> assertThat(realmWide(before)).containsExactly(Lighthouse.REALM));
  }

  @Test
  void anAdministratorPushesATimeBeforeWhichNothingCounts() {
    var before = receiver.told().size();
    var chosen = Instant.now().getEpochSecond() - 100;
    lighthouse.admin().put(lighthouse.realm(""), "{\"notBefore\":" + chosen + "}");
    try {
      lighthouse.admin().post(lighthouse.realm("/push-revocation"), "");

      eventually(() -> assertThat(realmWide(before)).containsExactly(Lighthouse.REALM));
      assertThat(receiver.told().get(before).claims().path("toe").asLong()).isEqualTo(chosen);
    } finally {
      lighthouse.admin().put(lighthouse.realm(""), "{\"notBefore\":0}");
    }
  }

  @Test
  void whoBeginsTheLoginAnewInTheBrowserEndsTheSessionThatWasThere() {
    var person = lighthouse.person();
    var lamp = lighthouse.flow("lamp");
    var browser = lamp.newBrowser();
    var login = lighthouse.login(lamp, browser, person);

    var page =
        browser.open(
            URI.create(
                lighthouse.action("").toString().replace("&kc_action=", "") + "&prompt=login"));
    var button = page.document().getElementById("reset-login").attr("onclick");
    browser.open(page.address().resolve(button.replaceAll(".*'(.*)'.*", "$1")));

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
    assertThat(lighthouse.lives("lamp", login)).isFalse();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/32197")
  @ParameterizedTest
  @ValueSource(strings = {"administrator", "account", "password"})
  void aLoginThatOutlivesItsSessionGetsAnotherId(String ending) {
    var person = lighthouse.person();
    var elsewhere = lighthouse.login("lamp", person);
    var lamp = lighthouse.flow("lamp");
    var browser = lamp.newBrowser();
    var ended = lighthouse.login(lamp, browser, person);
    var again = lamp.with("prompt", "login").begin(browser);

    switch (ending) {
      case "administrator" ->
          lighthouse.admin().post(lighthouse.realm("/users/" + person.id() + "/logout"), "");
      case "account" -> lighthouse.account("DELETE", "/sessions", elsewhere.accessToken());
      default ->
          lighthouse
              .admin()
              .put(
                  lighthouse.realm("/users/" + person.id() + "/reset-password"),
                  "{\"type\":\"password\",\"value\":\"" + Lighthouse.PASSWORD + "\"}");
    }
    eventually(() -> assertThat(receiver.sessionsEnded(person.id())).contains(ended.sessionId()));
    var page = signedIn(again.loginPage(), person);
    var tokens = again.finish(page.callback().isPresent() ? page : signedIn(page, person));

    assertThat(Lighthouse.claims(tokens.accessToken()).path("sid").asString())
        .isNotEqualTo(ended.sessionId());
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/43853")
  @Test
  void logoutByIdTokenHint_withoutCookies_removesTheLoginOfAnotherTab() {
    var person = lighthouse.person();
    var lamp = lighthouse.flow("lamp");
    var browser = lamp.newBrowser();
    var attempt = lamp.begin(browser);
    // the last page, with which a login begins again
    var otherTab = lamp.begin(browser);
    var ended = attempt.finish(signedIn(attempt.loginPage(), person));
    var endedId = Lighthouse.claims(ended.accessToken()).path("sid").asString();

    lamp.newBrowser()
        .open(
            URI.create(
                lighthouse.server().issuer(Lighthouse.REALM)
                    + "/protocol/openid-connect/logout?id_token_hint="
                    + ended.idToken()));

    eventually(() -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(endedId));
    var page = signedIn(otherTab.loginPage(), person);
    var tokens = otherTab.finish(page.callback().isPresent() ? page : signedIn(page, person));
    assertThat(Lighthouse.claims(tokens.accessToken()).path("sid").asString())
        .isNotEqualTo(endedId);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/46239")
  @Test
  void twoUsersOfOneBrowser_haveSessionsOfTheirOwn() {
    var first = lighthouse.person();
    var second = lighthouse.person();
    var lamp = lighthouse.flow("lamp").withScope("openid offline_access");
    var browser = lamp.newBrowser();
    var offline = lighthouse.login(lamp, browser, first);

    var login = lighthouse.login(lamp, browser, second);

    assertThat(login.sessionId()).isNotEqualTo(offline.sessionId());
    assertThat(subjectOf(lighthouse.refresh("lamp", login.refreshToken()))).isEqualTo(second.id());
    assertThat(subjectOf(lighthouse.refresh("lamp", offline.refreshToken()))).isEqualTo(first.id());
  }

  private static String subjectOf(Lighthouse.Answer tokens) {
    assertThat(tokens.status()).as(tokens.body().toString()).isEqualTo(200);
    return Lighthouse.claims(tokens.body().path("access_token").asString()).path("sub").asString();
  }

  /** A page that asks for a re-authentication knows the name. */
  private static Page signedIn(Page login, Person person) {
    return login.submit(
        "kc-form-login",
        login.document().selectFirst("#kc-form-login [name=username]") == null
            ? Map.of("password", Lighthouse.PASSWORD)
            : Map.of("username", person.name(), "password", Lighthouse.PASSWORD));
  }

  @Test
  void whoTakesAnothersPlaceLosesTheirOwnSession() {
    var person = lighthouse.person();
    var keeper = lighthouse.person();
    lighthouse.grant(keeper, "realm-management", "impersonation");
    var login = lighthouse.login("lamp", keeper);

    var answer =
        lighthouse.send(
            "POST",
            "/admin/realms/lighthouse/users/" + person.id() + "/impersonation",
            login.accessToken(),
            "{}");

    assertThat(answer.status()).isEqualTo(200);
    eventually(
        () -> assertThat(receiver.sessionsEnded(keeper.id())).containsExactly(login.sessionId()));
  }

  @Test
  void anOfflineTokenLivesOnWhenTheSessionItCameFromEnds() {
    var person = lighthouse.person();
    var lamp = lighthouse.flow("lamp");
    var browser = lamp.newBrowser();
    var online = lighthouse.login(lamp, browser, person);
    var offline =
        lighthouse.login(
            lighthouse.flow("mirror").withScope("openid offline_access"), browser, person);
    assertThat(offline.sessionId()).isEqualTo(online.sessionId());

    lighthouse.post("logout", Map.of("client_id", "lamp", "refresh_token", online.refreshToken()));

    // what was issued to the session's clients until now, but not what has its id
    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .contains(online.sessionId() + " lamp")
                .isSubsetOf(online.sessionId() + " lamp", online.sessionId() + " mirror"));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(lighthouse.lives("mirror", offline)).isTrue();
  }

  @Test
  void theSessionThatIsGivenUpForAnOfflineTokenIsNoRevocation() {
    var person = lighthouse.person();

    var offline = lighthouse.login("lamp", person, "openid offline_access");

    assertThat(receiver.about(person.id())).isEmpty();
    lighthouse.post("logout", Map.of("client_id", "lamp", "refresh_token", offline.refreshToken()));
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(offline.sessionId()));
  }

  @Test
  void aLoginARefreshAndAChangeOfTheProfileAreNotTold() {
    var person = lighthouse.person();
    var login = lighthouse.login("lamp", person);
    lighthouse.refresh("lamp", login.refreshToken());
    lighthouse.admin().put(lighthouse.realm("/users/" + person.id()), "{\"lastName\":\"Darling\"}");

    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void whatIsRolledBackIsNotTold() {
    var person = lighthouse.person();
    var halfway =
        Map.of(
            "ifResourceExists",
            "OVERWRITE",
            "users",
            List.of(
                Map.of("username", person.name(), "email", person.name()),
                Map.of("username", "new-" + person.id(), "groups", List.of("/nowhere"))));

    assertThatThrownBy(
            () ->
                lighthouse
                    .admin()
                    .post(
                        lighthouse.realm("/partialImport"),
                        Lighthouse.JSON.writeValueAsString(halfway)))
        .hasMessageContaining("was answered");

    assertThat(lighthouse.admin().get(lighthouse.realm("/users/" + person.id())).has("id"))
        .isTrue();
    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void aLimitOnSessionsEndsTheOldest() {
    var flows = lighthouse.realm("/authentication/flows");
    var limited = "limited-" + UUID.randomUUID();
    lighthouse.admin().post(flows + "/direct%20grant/copy", "{\"newName\":\"" + limited + "\"}");
    lighthouse
        .admin()
        .post(
            flows + "/" + limited + "/executions/execution",
            "{\"provider\":\"user-session-limits\"}");
    var step =
        (ObjectNode)
            named(
                lighthouse.admin().get(flows + "/" + limited + "/executions"),
                "providerId",
                "user-session-limits");
    lighthouse
        .admin()
        .put(flows + "/" + limited + "/executions", step.put("requirement", "REQUIRED").toString());
    lighthouse
        .admin()
        .post(
            lighthouse.realm(
                "/authentication/executions/" + step.path("id").asString() + "/config"),
            """
            {"alias":"%s","config":{"behavior":"Terminate oldest session","userRealmLimit":"1",
             "userClientLimit":"0"}}"""
                .formatted(limited));
    lighthouse
        .admin()
        .post(
            lighthouse.realm("/clients"),
            """
            {"clientId":"%s","publicClient":true,"directAccessGrantsEnabled":true,
             "authenticationFlowBindingOverrides":{"direct_grant":"%s"}}"""
                .formatted(
                    limited,
                    named(lighthouse.admin().get(flows), "alias", limited).path("id").asString()));
    var person = lighthouse.person();
    var oldest = lighthouse.login(limited, person);

    var newest = lighthouse.login(limited, person);

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(oldest.sessionId()));
    assertThat(lighthouse.lives(limited, newest)).isTrue();
  }

  private static JsonNode named(JsonNode all, String member, String value) {
    return all.valueStream()
        .filter(one -> one.path(member).asString("").equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> realmWide(int from) {
    var told = receiver.told();
    return told.subList(from, told.size()).stream()
        .map(one -> one.subject().path("tenant").path("id").asString(""))
        .filter(tenant -> !tenant.isEmpty())
        .toList();
  }
}
