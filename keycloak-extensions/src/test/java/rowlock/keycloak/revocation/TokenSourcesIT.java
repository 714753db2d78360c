/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tokens that are revoked or stolen, and consents that are withdrawn. */
class TokenSourcesIT extends WatchedRealm {
  @Test
  void refreshTokenRevoked_onlyClient_endsTheSession() {
    var person = realm.person();
    var login = realm.login("app", person);

    realm.post("revoke", Map.of("client_id", "app", "token", login.refreshToken()));

    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
  }

  @Test
  void refreshTokenRevoked_otherClient_isNotAffected() {
    var person = realm.person();
    var browser = realm.flow("app").newBrowser();
    var app = realm.login(realm.flow("app"), browser, person);
    var otherApp = realm.login(realm.flow("other-app"), browser, person);

    realm.post("revoke", Map.of("client_id", "app", "token", app.refreshToken()));

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id())).containsExactly(app.sessionId() + " app"));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(realm.lives("other-app", otherApp)).isTrue();
  }

  @Test
  void accessTokenRevoked_laterTokensRemainValid() {
    var person = realm.person();
    var login = realm.login("app", person);
    var issued = RevocationRealm.claims(login.accessToken()).path("iat").asLong();
    await().until(() -> Instant.now().getEpochSecond() > issued);

    realm.post("revoke", Map.of("client_id", "app", "token", login.accessToken()));

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " app"));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(receiver.about(person.id()).get(0).claims().path("toe").asLong()).isEqualTo(issued);
    assertThat(realm.lives("app", login)).isTrue();
  }

  @Test
  void stolenRefreshToken_policyClient_endsItsPartOnly() {
    var person = realm.person();
    var login = realm.login("end-client-session", person);
    realm.refresh("end-client-session", login.refreshToken());

    assertThat(realm.refresh("end-client-session", login.refreshToken()).status()).isEqualTo(400);

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " end-client-session"));
    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("policy");
  }

  @Test
  void stolenRefreshToken_endsTheSession() {
    var person = realm.person();
    var login = realm.login("no-grace", person);
    var other = realm.login("app", person);
    realm.refresh("no-grace", login.refreshToken());

    realm.refresh("no-grace", login.refreshToken());

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    assertThat(realm.lives("app", other)).isTrue();
  }

  @Test
  void stolenRefreshToken_policyUser_endsAllSessions() {
    var person = realm.person();
    var login = realm.login("end-all-sessions", person);
    var other = realm.login("app", person);
    var offline = realm.login("other-app", person, "openid offline_access");
    realm.refresh("end-all-sessions", login.refreshToken());

    realm.refresh("end-all-sessions", login.refreshToken());

    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(
                    login.sessionId(), other.sessionId(), offline.sessionId()));
    assertThat(realm.lives("app", other)).isFalse();
  }

  @Test
  void stolenRefreshToken_foundByKeycloak_endsClientsPart() {
    var person = realm.person();
    var login = realm.login("app", person);
    var issued = RevocationRealm.claims(login.refreshToken()).path("iat").asLong();
    await().until(() -> Instant.now().getEpochSecond() > issued);
    realm.refresh("app", login.refreshToken());

    assertThat(realm.refresh("app", login.refreshToken()).status()).isEqualTo(400);

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " app"));
  }

  @Test
  void authorizationCode_usedTwice_endsClientsPart() {
    var person = realm.person();
    var browser = realm.flow("app").newBrowser();
    var login = realm.login(realm.flow("app"), browser, person);
    var page = browser.open(URI.create(realm.action("").toString().replace("&kc_action=", "")));
    var code = Objects.requireNonNull(page.callback()).get("code");
    var exchange =
        Map.of(
            "grant_type", "authorization_code",
            "client_id", "app",
            "redirect_uri", "http://127.0.0.1:7777/callback",
            "code", code);
    assertThat(realm.post("token", exchange).status()).isEqualTo(200);

    assertThat(realm.post("token", exchange).status()).isEqualTo(400);

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " app"));
  }

  @Test
  void aUserWithdrawsTheirConsent() {
    var person = realm.person();
    var console = realm.login("app", person);
    var consentApp = consented(person);

    realm.account("DELETE", "/applications/consent-app/consent", console.accessToken());

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(consentApp.sessionId() + " consent-app"));
    assertThat(realm.lives("consent-app", consentApp)).isFalse();
    assertThat(realm.lives("app", console)).isTrue();
  }

  @Test
  void anAdministratorWithdrawsAConsent() {
    var person = realm.person();
    var consentApp = consented(person);

    realm.admin().delete(realm.path("/users/" + person.id() + "/consents/consent-app"));

    var received =
        receiver.about(person.id()).stream()
            .map(EventReceiver.ReceivedEvent::session)
            .collect(Collectors.toSet());
    assertThat(received).isEqualTo(Set.of(consentApp.sessionId()));
    assertThat(realm.lives("consent-app", consentApp)).isFalse();
  }

  private static RevocationRealm.Login consented(RevocationRealm.Person person) {
    var flow = realm.flow("consent-app");
    var attempt = flow.begin(flow.newBrowser());
    var page =
        attempt
            .loginPage()
            .submit(
                "kc-form-login",
                Map.of("username", person.name(), "password", RevocationRealm.PASSWORD));
    var tokens = attempt.finish(page.press("accept"));
    return new RevocationRealm.Login(
        RevocationRealm.claims(tokens.accessToken()).path("sid").asString(),
        tokens.accessToken(),
        tokens.requireRefreshToken());
  }
}
