/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;
import rowlock.field.FieldReport;

/** The effect of each kind of event from the next request on, and what it does not affect. */
@TestPropertySource(properties = "rowlock.erasure.retention.self.deleted=1d")
class EventEffectIT extends EventClient {
  private final String otherSession = UUID.randomUUID().toString();

  /** Ends all sessions, but not those of other tests. */
  @AfterEach
  void openTheRealm() {
    superuser().update("update rowlock.realm_gate set not_before = '-infinity'");
  }

  private String other(Instant issuedAt) {
    return token(user, otherSession, "task-cli", issuedAt);
  }

  private String tokenOfAnotherUser() {
    return token(UUID.randomUUID(), UUID.randomUUID().toString(), "task-cli", now.minusSeconds(60));
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/32197")
  @Test
  void endedSession_isRefusedForAllClients() {
    assertThat(list(token(now))).isEqualTo(200);
    pushed(
        Events.SESSION_REVOKED,
        EVENTS.session(session, user),
        now.minusSeconds(20).plusMillis(700));
    assertThat(list(token(now.minusSeconds(60)))).isEqualTo(401);
    assertThat(list(token(now.minusSeconds(20)))).as("of the same second").isEqualTo(401);
    assertThat(list(token(user, session, "another-client", now.minusSeconds(60)))).isEqualTo(401);
    assertThat(list(token(now.minusSeconds(19)))).as("the id is used again").isEqualTo(200);
    assertThat(list(token(user, session, "another-client", now))).isEqualTo(200);
    assertThat(list(other(now.minusSeconds(60)))).isEqualTo(200);
    assertThat(list(tokenOfAnotherUser())).isEqualTo(200);
  }

  @Test
  void endedClientSession_isRefusedForThatClient() {
    var cut = now.minusSeconds(20).plusMillis(700);
    pushed(Events.SESSION_REVOKED, EVENTS.clientSession(session, user, "task-cli"), cut);
    assertThat(list(token(now.minusSeconds(20)))).isEqualTo(401);
    assertThat(list(token(now.minusSeconds(19)))).isEqualTo(200);
    assertThat(list(token(user, session, "task-web", now.minusSeconds(60)))).isEqualTo(200);
    assertThat(list(other(now.minusSeconds(60)))).isEqualTo(200);
    pushed(Events.SESSION_REVOKED, EVENTS.session(session, user), cut);
    assertThat(list(token(user, session, "task-web", now.minusSeconds(60)))).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"-21, 401", "-20, 401", "-19, 200"})
  void allSessionsOfAUserEnded_olderTokensAreRefused(int issuedAt, int status) {
    pushed(Events.SESSION_REVOKED, EVENTS.user(user), now.minusSeconds(20).plusMillis(999));
    assertThat(list(token(now.plusSeconds(issuedAt)))).isEqualTo(status);
    assertThat(list(other(now.plusSeconds(issuedAt)))).isEqualTo(status);
    assertThat(list(tokenOfAnotherUser())).isEqualTo(200);
  }

  @Test
  void allSessionsEnded_olderTokensAreRefused() {
    pushed(Events.SESSION_REVOKED, Events.realm(), now.minusSeconds(20).plusMillis(1));
    assertThat(list(tokenOfAnotherUser())).isEqualTo(401);
    assertThat(list(token(now.minusSeconds(20)))).isEqualTo(401);
    assertThat(list(token(now.minusSeconds(19)))).isEqualTo(200);
  }

  @Test
  void aChangedCredentialEndsNothingByItself() {
    pushed(Events.CAEP + "credential-change", EVENTS.user(user), now);
    assertThat(list(token(now.minusSeconds(60)))).isEqualTo(200);
  }

  @Test
  void disabledAccount_isRefusedUntilEnabled_oldTokensPermanently() {
    pushed(Events.DISABLED, EVENTS.user(user), now.minusSeconds(20));
    assertThat(list(token(now))).isEqualTo(401);
    assertThat(list(other(now))).isEqualTo(401);
    pushed(Events.ENABLED, EVENTS.user(user), now.minusSeconds(20));
    assertThat(list(token(now))).as("of the same time: disabled wins").isEqualTo(401);
    pushed(Events.ENABLED, EVENTS.user(user), now.minusSeconds(20).plusMillis(1));
    assertThat(list(token(now))).isEqualTo(200);
    assertThat(list(token(now.minusSeconds(20)))).isEqualTo(401);
    assertThat(list(tokenOfAnotherUser())).isEqualTo(200);
  }

  @Test
  void aRemovedAccountIsRefusedUntilItExistsAgain() {
    pushed(Events.PURGED, EVENTS.user(user), now.minusSeconds(20));
    pushed(Events.ENABLED, EVENTS.user(user), now);
    assertThat(list(token(now))).as("enabled around the removal").isEqualTo(401);
    assertThat(list(tokenOfAnotherUser())).isEqualTo(200);

    var created = EVENTS.claims(Events.ENABLED, EVENTS.user(user), now);
    created.put("events", Map.of(Events.ENABLED, Map.of("rowlock_created", true)));
    assertThat(push(EVENTS.sign(created)).statusCode()).isEqualTo(202);

    assertThat(list(token(now))).isEqualTo(200);
    assertThat(list(token(now.minusSeconds(20)))).isEqualTo(401);
  }

  @Test
  void aRemovedAccountThatHasATokenOfAMinuteLaterIsAccepted() {
    pushed(Events.PURGED, EVENTS.user(user), now.minusSeconds(90));
    assertThat(list(token(now.minusSeconds(40)))).isEqualTo(401);
    assertThat(list(token(now))).isEqualTo(200);
    assertThat(list(token(now.minusSeconds(91)))).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"user, 86400", "admin, 604800", "system, 604800"})
  void theRetentionPeriodDependsOnWhoDeletedTheAccount(String initiator, long seconds) {
    var claims = EVENTS.claims(Events.PURGED, EVENTS.user(user), now);
    claims.put("events", Map.of(Events.PURGED, Map.of("initiating_entity", initiator)));
    assertThat(push(EVENTS.sign(claims)).statusCode()).isEqualTo(202);
    assertThat(
            rows(
                "rowlock.account_gate",
                "sub = '%s' and erase_after = removed_at + interval '%d seconds'"
                    .formatted(user, seconds)))
        .isEqualTo(1);
  }

  @Test
  void anEventOfAnUnknownTypeIsAcknowledgedAndChangesNothing() {
    pushed(Events.CAEP + "device-compliance-change", EVENTS.user(user), now);
    assertThat(list(token(now.minusSeconds(60)))).isEqualTo(200);
  }

  @Test
  void aLogoutTokenEndsItsSession() {
    assertThat(logout(EVENTS.logout(session, user)).statusCode()).isEqualTo(200);
    assertThat(list(token(now))).isEqualTo(401);
    assertThat(list(other(now))).isEqualTo(200);
  }

  @FieldReport("https://github.com/keycloak/keycloak/pull/49576")
  @Test
  void aLogoutTokenWithoutASessionEndsAllOfTheUser() {
    var claims = EVENTS.logout(session, user);
    claims.remove("sid");
    assertThat(logout(claims).statusCode()).isEqualTo(200);
    assertThat(list(token(now))).isEqualTo(401);
    assertThat(list(other(now.minusSeconds(5)))).isEqualTo(401);
    assertThat(list(tokenOfAnotherUser())).isEqualTo(200);
  }

  private HttpResponse<String> logout(Map<String, Object> claims) {
    return send(
        request("/backchannel-logout")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString("x=1&logout_token=" + EVENTS.sign("logout+jwt", claims))));
  }
}
