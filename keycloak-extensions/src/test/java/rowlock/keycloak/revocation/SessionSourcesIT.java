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
import rowlock.keycloak.revocation.RevocationRealm.Person;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Each way in which a session ends causes an event. */
class SessionSourcesIT extends WatchedRealm {
  @Test
  void aLogoutIsTheEndOfThatSessionAlone() {
    var person = realm.person();
    var ended = realm.login("app", person);
    var other = realm.login("app", person);
    var before = Instant.now();

    realm.post("logout", Map.of("client_id", "app", "refresh_token", ended.refreshToken()));

    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    var received = receiver.about(person.id());
    var event = received.get(0);
    assertThat(event.shortType()).isEqualTo("session-revoked");
    assertThat(event.session()).isEqualTo(ended.sessionId());
    assertThat(event.application()).isEmpty();
    assertThat(event.claims().propertyNames())
        .containsExactlyInAnyOrder("iss", "aud", "jti", "iat", "toe", "txn", "sub_id", "events");
    assertThat(event.claims().path("iss").asString())
        .isEqualTo(realm.server().issuer(RevocationRealm.REALM));
    assertThat(event.claims().path("aud").asString()).isEqualTo("api");
    var toe = event.claims().path("toe").decimalValue().movePointRight(3).longValueExact();
    assertThat(Instant.ofEpochMilli(toe))
        .isBetween(before.minusMillis(1), Instant.now().plusMillis(1));
    assertThat(event.event().path("event_timestamp").asLong()).isEqualTo(toe / 1000);
    assertThat(event.event().path("initiating_entity").asString()).isEqualTo("user");
    assertThat(event.claims().toString()).doesNotContain("@", "Lewis");
    assertThat(realm.lives("app", other)).isTrue();
  }

  @Test
  void aLogoutInTheBrowserEndsTheSessionForAllItsClients() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var attempt = app.begin(browser);
    var tokens =
        attempt.finish(
            attempt
                .loginPage()
                .submit(
                    "kc-form-login",
                    Map.of("username", person.name(), "password", RevocationRealm.PASSWORD)));
    var otherApp = realm.login(realm.flow("other-app"), browser, person);

    browser.open(
        URI.create(
            realm.server().issuer(RevocationRealm.REALM)
                + "/protocol/openid-connect/logout?id_token_hint="
                + tokens.idToken()));

    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id())).containsExactly(otherApp.sessionId()));
    assertThat(realm.lives("other-app", otherApp)).isFalse();
  }

  @Test
  void inTheAccountConsoleOneSessionIsEnded() {
    var person = realm.person();
    var here = realm.login("app", person);
    var there = realm.login("app", person);

    assertThat(
            realm.account("DELETE", "/sessions/" + there.sessionId(), here.accessToken()).status())
        .isEqualTo(204);

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(there.sessionId()));
  }

  @Test
  void inTheAccountConsoleAllOtherSessionsAreEnded() {
    var person = realm.person();
    var here = realm.login("app", person);
    var there = realm.login("app", person);
    var elsewhere = realm.login("other-app", person);

    realm.account("DELETE", "/sessions", here.accessToken());

    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(there.sessionId(), elsewhere.sessionId()));
    assertThat(realm.lives("app", here)).isTrue();
  }

  @Test
  void anAdministratorLogsAUserOut() {
    var person = realm.person();
    var one = realm.login("app", person);
    var two = realm.login("other-app", person);
    var stranger = realm.person();
    realm.login("app", stranger);

    realm.admin().post(realm.path("/users/" + person.id() + "/logout"), "");

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
    var person = realm.person();
    var offline = realm.login("app", person, "openid offline_access");
    var elsewhere = realm.login("other-app", person, "openid offline_access");

    realm.admin().post(realm.path("/users/" + person.id() + "/logout"), "");

    assertThat(realm.lives("app", offline)).isFalse();
    assertThat(realm.lives("other-app", elsewhere)).isFalse();
    assertThat(offlineSessions(person.id(), "app")).isEmpty();
    assertThat(offlineSessions(person.id(), "other-app")).isEmpty();
    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(offline.sessionId(), elsewhere.sessionId()));
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27275")
  @Test
  void whenAnAdministratorEndsASessionItsOfflineTokenEndsToo() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var online = realm.login(app, browser, person);
    var offline =
        realm.login(realm.flow("other-app").withScope("openid offline_access"), browser, person);
    assertThat(offline.sessionId()).isEqualTo(online.sessionId());
    var other = realm.login("other-app", person, "openid offline_access");

    realm.admin().delete(realm.path("/sessions/" + online.sessionId()));

    assertThat(realm.lives("other-app", offline)).isFalse();
    assertThat(realm.lives("other-app", other)).isTrue();
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(online.sessionId()));
  }

  private static JsonNode offlineSessions(String user, String client) {
    var id =
        realm.admin().get(realm.path("/clients?clientId=" + client)).path(0).path("id").asString();
    return realm.admin().get(realm.path("/users/" + user + "/offline-sessions/" + id));
  }

  @Test
  void anAdministratorEndsASession() {
    var person = realm.person();
    var ended = realm.login("app", person);
    var other = realm.login("app", person);

    realm.admin().delete(realm.path("/sessions/" + ended.sessionId()));

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(ended.sessionId()));
    assertThat(realm.lives("app", other)).isTrue();
  }

  @Test
  void anAdministratorEndsAllSessionsOfTheRealm() {
    var person = realm.person();
    var offline = realm.login("app", person, "openid offline_access");
    var before = receiver.received().size();

    realm.admin().post(realm.path("/logout-all"), "");

    assertThat(realm.lives("app", offline)).isFalse();
    eventually(() -> assertThat(realmWide(before)).containsExactly(RevocationRealm.REALM));
  }

  @Test
  void realmNotBefore_pushed_revokesTokensUntilThen() {
    var before = receiver.received().size();
    var chosen = Instant.now().getEpochSecond() - 100;
    realm.admin().put(realm.path(""), "{\"notBefore\":" + chosen + "}");
    try {
      realm.admin().post(realm.path("/push-revocation"), "");

      eventually(() -> assertThat(realmWide(before)).containsExactly(RevocationRealm.REALM));
      assertThat(receiver.received().get(before).claims().path("toe").asLong()).isEqualTo(chosen);
    } finally {
      realm.admin().put(realm.path(""), "{\"notBefore\":0}");
    }
  }

  @Test
  void loginRestartedInTheBrowser_endsTheSession() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var login = realm.login(app, browser, person);

    var page =
        browser.open(
            URI.create(realm.action("").toString().replace("&kc_action=", "") + "&prompt=login"));
    var button = page.document().getElementById("reset-login").attr("onclick");
    browser.open(page.address().resolve(button.replaceAll(".*'(.*)'.*", "$1")));

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
    assertThat(realm.lives("app", login)).isFalse();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/32197")
  @ParameterizedTest
  @ValueSource(strings = {"administrator", "account", "password"})
  void aLoginThatOutlivesItsSessionGetsAnotherId(String ending) {
    var person = realm.person();
    var elsewhere = realm.login("app", person);
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var ended = realm.login(app, browser, person);
    var again = app.with("prompt", "login").begin(browser);

    switch (ending) {
      case "administrator" ->
          realm.admin().post(realm.path("/users/" + person.id() + "/logout"), "");
      case "account" -> realm.account("DELETE", "/sessions", elsewhere.accessToken());
      default ->
          realm
              .admin()
              .put(
                  realm.path("/users/" + person.id() + "/reset-password"),
                  "{\"type\":\"password\",\"value\":\"" + RevocationRealm.PASSWORD + "\"}");
    }
    eventually(() -> assertThat(receiver.sessionsEnded(person.id())).contains(ended.sessionId()));
    var page = signedIn(again.loginPage(), person);
    var tokens = again.finish(page.callback() != null ? page : signedIn(page, person));

    assertThat(RevocationRealm.claims(tokens.accessToken()).path("sid").asString())
        .isNotEqualTo(ended.sessionId());
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/43853")
  @Test
  void logoutByIdTokenHint_withoutCookies_removesLoginOfAnotherTab() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var attempt = app.begin(browser);
    // the last page, with which a login begins again
    var otherTab = app.begin(browser);
    var ended = attempt.finish(signedIn(attempt.loginPage(), person));
    var endedId = RevocationRealm.claims(ended.accessToken()).path("sid").asString();

    app.newBrowser()
        .open(
            URI.create(
                realm.server().issuer(RevocationRealm.REALM)
                    + "/protocol/openid-connect/logout?id_token_hint="
                    + ended.idToken()));

    eventually(() -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(endedId));
    var page = signedIn(otherTab.loginPage(), person);
    var tokens = otherTab.finish(page.callback() != null ? page : signedIn(page, person));
    assertThat(RevocationRealm.claims(tokens.accessToken()).path("sid").asString())
        .isNotEqualTo(endedId);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/46239")
  @Test
  void twoUsersOfOneBrowser_haveSessionsOfTheirOwn() {
    var first = realm.person();
    var second = realm.person();
    var app = realm.flow("app").withScope("openid offline_access");
    var browser = app.newBrowser();
    var offline = realm.login(app, browser, first);

    var login = realm.login(app, browser, second);

    assertThat(login.sessionId()).isNotEqualTo(offline.sessionId());
    assertThat(subjectOf(realm.refresh("app", login.refreshToken()))).isEqualTo(second.id());
    assertThat(subjectOf(realm.refresh("app", offline.refreshToken()))).isEqualTo(first.id());
  }

  private static String subjectOf(RevocationRealm.Answer tokens) {
    assertThat(tokens.status()).as(tokens.body().toString()).isEqualTo(200);
    return RevocationRealm.claims(tokens.body().path("access_token").asString())
        .path("sub")
        .asString();
  }

  /** Signs in; a page for a re-authentication has no field for the name. */
  private static Page signedIn(Page login, Person person) {
    return login.submit(
        "kc-form-login",
        login.document().selectFirst("#kc-form-login [name=username]") == null
            ? Map.of("password", RevocationRealm.PASSWORD)
            : Map.of("username", person.name(), "password", RevocationRealm.PASSWORD));
  }

  @Test
  void impersonation_endsTheSessionOfTheImpersonator() {
    var person = realm.person();
    var manager = realm.person();
    realm.grant(manager, "realm-management", "impersonation");
    var login = realm.login("app", manager);

    var answer =
        realm.send(
            "POST",
            "/admin/realms/revocation/users/" + person.id() + "/impersonation",
            login.accessToken(),
            "{}");

    assertThat(answer.status()).isEqualTo(200);
    eventually(
        () -> assertThat(receiver.sessionsEnded(manager.id())).containsExactly(login.sessionId()));
  }

  @Test
  void offlineToken_itsSessionEnds_remainsValid() {
    var person = realm.person();
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var online = realm.login(app, browser, person);
    var offline =
        realm.login(realm.flow("other-app").withScope("openid offline_access"), browser, person);
    assertThat(offline.sessionId()).isEqualTo(online.sessionId());

    realm.post("logout", Map.of("client_id", "app", "refresh_token", online.refreshToken()));

    // tokens issued to the clients of the session until now, but not all with its id
    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .contains(online.sessionId() + " app")
                .isSubsetOf(online.sessionId() + " app", online.sessionId() + " other-app"));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(realm.lives("other-app", offline)).isTrue();
  }

  @Test
  void offlineLogin_isNoRevocationOfItsSession() {
    var person = realm.person();

    var offline = realm.login("app", person, "openid offline_access");

    assertThat(receiver.about(person.id())).isEmpty();
    realm.post("logout", Map.of("client_id", "app", "refresh_token", offline.refreshToken()));
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(offline.sessionId()));
  }

  @Test
  void loginRefreshAndProfileChange_causeNoEvent() {
    var person = realm.person();
    var login = realm.login("app", person);
    realm.refresh("app", login.refreshToken());
    realm.admin().put(realm.path("/users/" + person.id()), "{\"lastName\":\"Darling\"}");

    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void rolledBackImport_causesNoEvent() {
    var person = realm.person();
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
                realm
                    .admin()
                    .post(
                        realm.path("/partialImport"),
                        RevocationRealm.JSON.writeValueAsString(halfway)))
        .hasMessageContaining("was answered");

    assertThat(realm.admin().get(realm.path("/users/" + person.id())).has("id")).isTrue();
    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void aLimitOnSessionsEndsTheOldest() {
    var flows = realm.path("/authentication/flows");
    var limited = "limited-" + UUID.randomUUID();
    realm.admin().post(flows + "/direct%20grant/copy", "{\"newName\":\"" + limited + "\"}");
    realm
        .admin()
        .post(
            flows + "/" + limited + "/executions/execution",
            "{\"provider\":\"user-session-limits\"}");
    var step =
        (ObjectNode)
            named(
                realm.admin().get(flows + "/" + limited + "/executions"),
                "providerId",
                "user-session-limits");
    realm
        .admin()
        .put(flows + "/" + limited + "/executions", step.put("requirement", "REQUIRED").toString());
    realm
        .admin()
        .post(
            realm.path("/authentication/executions/" + step.path("id").asString() + "/config"),
            """
            {"alias":"%s","config":{"behavior":"Terminate oldest session","userRealmLimit":"1",
             "userClientLimit":"0"}}"""
                .formatted(limited));
    realm
        .admin()
        .post(
            realm.path("/clients"),
            """
            {"clientId":"%s","publicClient":true,"directAccessGrantsEnabled":true,
             "authenticationFlowBindingOverrides":{"direct_grant":"%s"}}"""
                .formatted(
                    limited,
                    named(realm.admin().get(flows), "alias", limited).path("id").asString()));
    var person = realm.person();
    var oldest = realm.login(limited, person);

    var newest = realm.login(limited, person);

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(oldest.sessionId()));
    assertThat(realm.lives(limited, newest)).isTrue();
  }

  private static JsonNode named(JsonNode all, String member, String value) {
    return all.valueStream()
        .filter(one -> one.path(member).asString("").equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> realmWide(int from) {
    var received = receiver.received();
    return received.subList(from, received.size()).stream()
        .map(one -> one.subject().path("tenant").path("id").asString(""))
        .filter(tenant -> !tenant.isEmpty())
        .toList();
  }
}
