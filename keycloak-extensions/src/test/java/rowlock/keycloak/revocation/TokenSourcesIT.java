/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tokens that are revoked, stolen, or no longer consented to. */
class TokenSourcesIT extends WatchedRealm {

  @Test
  void aRefreshTokenIsRevokedAndWithItTheWholeSessionIfItHasNoOtherClient() {
    var person = lighthouse.person();
    var login = lighthouse.login("lamp", person);

    lighthouse.post("revoke", Map.of("client_id", "lamp", "token", login.refreshToken()));

    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
  }

  @Test
  void aRefreshTokenIsRevokedAndTheOtherClientOfTheSessionGoesOn() {
    var person = lighthouse.person();
    var browser = lighthouse.flow("lamp").newBrowser();
    var lamp = lighthouse.login(lighthouse.flow("lamp"), browser, person);
    var mirror = lighthouse.login(lighthouse.flow("mirror"), browser, person);

    lighthouse.post("revoke", Map.of("client_id", "lamp", "token", lamp.refreshToken()));

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(lamp.sessionId() + " lamp"));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(lighthouse.lives("mirror", mirror)).isTrue();
  }

  @Test
  void anAccessTokenIsRevokedAndWhatWasIssuedLaterIsNot() {
    var person = lighthouse.person();
    var login = lighthouse.login("lamp", person);
    var issued = Lighthouse.claims(login.accessToken()).path("iat").asLong();
    await().until(() -> Instant.now().getEpochSecond() > issued);

    lighthouse.post("revoke", Map.of("client_id", "lamp", "token", login.accessToken()));

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " lamp"));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(receiver.about(person.id()).get(0).claims().path("toe").asLong()).isEqualTo(issued);
    assertThat(lighthouse.lives("lamp", login)).isTrue();
  }

  @Test
  void aStolenRefreshTokenEndsTheClientsSessionWhereThePolicySaysSo() {
    var person = lighthouse.person();
    var login = lighthouse.login("narrow", person);
    lighthouse.refresh("narrow", login.refreshToken());

    assertThat(lighthouse.refresh("narrow", login.refreshToken()).status()).isEqualTo(400);

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " narrow"));
    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("policy");
  }

  @Test
  void aStolenRefreshTokenEndsTheSession() {
    var person = lighthouse.person();
    var login = lighthouse.login("strict", person);
    var other = lighthouse.login("lamp", person);
    lighthouse.refresh("strict", login.refreshToken());

    lighthouse.refresh("strict", login.refreshToken());

    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
    eventually(() -> assertThat(receiver.about(person.id())).hasSize(1));
    assertThat(lighthouse.lives("lamp", other)).isTrue();
  }

  @Test
  void aStolenRefreshTokenEndsAllSessionsOfTheUserWhereThePolicySaysSo() {
    var person = lighthouse.person();
    var login = lighthouse.login("everywhere", person);
    var other = lighthouse.login("lamp", person);
    var offline = lighthouse.login("mirror", person, "openid offline_access");
    lighthouse.refresh("everywhere", login.refreshToken());

    lighthouse.refresh("everywhere", login.refreshToken());

    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(
                    login.sessionId(), other.sessionId(), offline.sessionId()));
    assertThat(lighthouse.lives("lamp", other)).isFalse();
  }

  @Test
  void aStolenRefreshTokenThatTheServersOwnRotationFindsEndsTheClientsSession() {
    var person = lighthouse.person();
    var login = lighthouse.login("lamp", person);
    var issued = Lighthouse.claims(login.refreshToken()).path("iat").asLong();
    await().until(() -> Instant.now().getEpochSecond() > issued);
    lighthouse.refresh("lamp", login.refreshToken());

    assertThat(lighthouse.refresh("lamp", login.refreshToken()).status()).isEqualTo(400);

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " lamp"));
  }

  @Test
  void anAuthorizationCodeThatComesTwiceEndsWhatItGave() {
    var person = lighthouse.person();
    var browser = lighthouse.flow("lamp").newBrowser();
    var login = lighthouse.login(lighthouse.flow("lamp"), browser, person);
    var page =
        browser.open(URI.create(lighthouse.action("").toString().replace("&kc_action=", "")));
    var code = page.callback().orElseThrow().get("code");
    var exchange =
        Map.of(
            "grant_type", "authorization_code",
            "client_id", "lamp",
            "redirect_uri", "http://127.0.0.1:7777/callback",
            "code", code);
    assertThat(lighthouse.post("token", exchange).status()).isEqualTo(200);

    assertThat(lighthouse.post("token", exchange).status()).isEqualTo(400);

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " lamp"));
  }

  @Test
  void aPersonWithdrawsTheirConsent() {
    var person = lighthouse.person();
    var console = lighthouse.login("lamp", person);
    var asking = consented(person);

    lighthouse.account("DELETE", "/applications/asking/consent", console.accessToken());

    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(asking.sessionId() + " asking"));
    assertThat(lighthouse.lives("asking", asking)).isFalse();
    assertThat(lighthouse.lives("lamp", console)).isTrue();
  }

  @Test
  void anAdministratorWithdrawsAConsent() {
    var person = lighthouse.person();
    var asking = consented(person);

    lighthouse.admin().delete(lighthouse.realm("/users/" + person.id() + "/consents/asking"));

    var told =
        receiver.about(person.id()).stream()
            .map(EventReceiver.Told::session)
            .collect(Collectors.toSet());
    assertThat(told).isEqualTo(Set.of(asking.sessionId()));
    assertThat(lighthouse.lives("asking", asking)).isFalse();
  }

  private static Lighthouse.Login consented(Lighthouse.Person person) {
    var flow = lighthouse.flow("asking");
    var attempt = flow.begin(flow.newBrowser());
    var page =
        attempt
            .loginPage()
            .submit(
                "kc-form-login",
                Map.of("username", person.name(), "password", Lighthouse.PASSWORD));
    var tokens = attempt.finish(page.press("accept"));
    return new Lighthouse.Login(
        Lighthouse.claims(tokens.accessToken()).path("sid").asString(),
        tokens.accessToken(),
        tokens.requireRefreshToken());
  }
}
