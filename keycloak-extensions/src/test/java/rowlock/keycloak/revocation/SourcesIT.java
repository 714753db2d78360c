/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.local.TestServers;

/** Each action is known to the receiver when it has returned. */
class SourcesIT {
  private static Lighthouse lighthouse;
  private static EventReceiver receiver;

  @BeforeAll
  static void start() {
    lighthouse = new Lighthouse(TestServers.keycloak(Lighthouse.wanted()));
    receiver = new EventReceiver(lighthouse.server(), Lighthouse.REALM);
    lighthouse.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  @Test
  void aLogoutIsTheEndOfThatSessionAlone() {
    var person = lighthouse.person();
    var ended = lighthouse.login("lamp", person);
    var other = lighthouse.login("lamp", person);
    var before = Instant.now();

    lighthouse.post("logout", Map.of("client_id", "lamp", "refresh_token", ended.refreshToken()));

    var told = receiver.about(person.id());
    assertThat(told).hasSize(1);
    var event = told.get(0);
    assertThat(event.shortType()).isEqualTo("session-revoked");
    assertThat(event.session()).isEqualTo(ended.sessionId());
    assertThat(event.application()).isEmpty();
    assertThat(event.claims().path("iss").asString())
        .isEqualTo(lighthouse.server().issuer(Lighthouse.REALM));
    assertThat(event.claims().path("aud").asString()).isEqualTo("api");
    assertThat(event.claims().has("exp")).isFalse();
    assertThat(event.claims().has("sub")).isFalse();
    var toe = event.claims().path("toe").decimalValue().movePointRight(3).longValueExact();
    assertThat(Instant.ofEpochMilli(toe)).isBetween(before, Instant.now());
    assertThat(event.event().path("event_timestamp").asLong()).isEqualTo(toe / 1000);
    assertThat(event.event().path("initiating_entity").asString()).isEqualTo("user");
    assertThat(lighthouse.refresh("lamp", other.refreshToken()).status()).isEqualTo(200);
  }

  @Test
  void whenAnAdministratorLogsAUserOutEverySessionIsTold() {
    var person = lighthouse.person();
    var one = lighthouse.login("lamp", person);
    var two = lighthouse.login("mirror", person);

    lighthouse.admin().post(lighthouse.realm("/users/" + person.id() + "/logout"), "");

    assertThat(receiver.about(person.id()))
        .extracting(EventReceiver.Told::session)
        .containsExactlyInAnyOrder(one.sessionId(), two.sessionId());
  }

  @Test
  void disablingAndEnablingAnAccountIsTold() {
    var person = lighthouse.person();

    lighthouse.admin().put(lighthouse.realm("/users/" + person.id()), "{\"enabled\":false}");
    lighthouse.admin().put(lighthouse.realm("/users/" + person.id()), "{\"enabled\":true}");

    assertThat(receiver.about(person.id()))
        .extracting(EventReceiver.Told::shortType)
        .containsExactly("account-disabled", "account-enabled");
  }

  @Test
  void deletingAnAccountIsTold() {
    var person = lighthouse.person();

    lighthouse.admin().delete(lighthouse.realm("/users/" + person.id()));

    assertThat(receiver.about(person.id()))
        .extracting(EventReceiver.Told::shortType)
        .containsExactly("account-purged");
  }
}
