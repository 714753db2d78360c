/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.keycloak.revocation.EventReceiver.Answer;

/** Receivers that are unavailable, refuse events, or have invalid settings. */
class DeliveryIT extends ReceiverOfItsOwn {
  private static final String URL = "rowlock.events.push.url";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  void aRedirectIsNotFollowed() {
    var lure = new EventReceiver(realm.server(), RevocationRealm.REALM);
    try {
      var person = realm.person();
      var asked = new AtomicInteger();
      receiver.answers(
          exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().set("Location", lure.url().toString());
            return 307;
          });

      realm.logout("app", realm.login("app", person));
      await().atMost(LIMIT).until(() -> asked.get() > 1);
      receiver.answers(Answer.status(202));

      receiver.awaitEvent(one -> one.user().equals(person.id()));
      assertThat(lure.received()).isEmpty();
    } finally {
      lure.close();
    }
  }

  @Test
  void refusedEvent_blocksNoOther_isRetriedWhenReceiverSaved() {
    var refused = realm.person();
    var attempts = new AtomicInteger();
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          return 400;
        });
    realm.logout("app", realm.login("app", refused));
    // 1, 2, 4, 8 seconds: the next attempt is later than the test
    await().atMost(LIMIT).until(() -> attempts.get() >= 5);
    receiver.answers(Answer.status(202));

    var other = realm.person();
    realm.logout("app", realm.login("app", other));

    assertThat(receiver.about(other.id())).hasSize(1);
    assertThat(receiver.about(refused.id())).isEmpty();
    realm.attributes("api", Map.of(URL, receiver.url().toString()));
    await().atMost(Duration.ofSeconds(10)).until(() -> receiver.about(refused.id()).size() == 1);
  }

  @Test
  void poisonMessage_doesNotDelayOthers() {
    var blocked = realm.person();
    var attempts = new AtomicInteger();
    receiver.failsAt(one -> one.user().equals(blocked.id()) && attempts.incrementAndGet() > 0);
    realm.logout("app", realm.login("app", blocked));
    // a message is poison if its receiver takes another one
    var first = realm.person();
    realm.logout("app", realm.login("app", first));
    receiver.awaitEvent(one -> one.user().equals(first.id()));

    for (var i = 0; i < 3; i++) {
      var soFar = attempts.get();
      await().atMost(LIMIT).until(() -> attempts.get() > soFar);
      var other = realm.person();
      realm.logout("app", realm.login("app", other));

      assertThat(receiver.about(other.id())).as("after attempt " + attempts).hasSize(1);
    }
    receiver.failsAt(one -> false);
    receiver.awaitEvent(one -> one.user().equals(blocked.id()));
  }

  @Test
  void unavailableReceiver_doesNotDelayAnother() {
    var second = new EventReceiver(realm.server(), RevocationRealm.REALM);
    realm.attributes("second-api", Map.of(URL, second.url().toString()));
    try {
      var person = realm.person();
      receiver.answers(Answer.status(503));

      realm.logout("app", realm.login("app", person));

      second.awaitEvent(one -> one.user().equals(person.id()));
      assertThat(second.about(person.id()).get(0).claims().path("aud").asString())
          .isEqualTo("second-api");
      receiver.answers(Answer.status(202));
      var received = receiver.awaitEvent(one -> one.user().equals(person.id()));
      assertThat(received.claims().path("aud").asString()).isEqualTo("api");
      assertThat(received.claims().path("txn"))
          .isEqualTo(second.about(person.id()).get(0).claims().path("txn"));
      assertThat(received.id()).isNotEqualTo(second.about(person.id()).get(0).id());
    } finally {
      realm.attributes("second-api", Map.of(URL, ""));
      second.close();
    }
  }

  @Test
  void metrics_showBacklogAndOutcomes() {
    var person = realm.person();
    var labels = new String[] {"realm=\"revocation\"", "client_id=\"api\""};
    var delivered = delivered(labels);
    receiver.answers(Answer.status(503));
    realm.logout("app", realm.login("app", person));

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(realm.metric("rowlock_events_pending", labels)).isEqualTo(1);
              assertThat(realm.metric("rowlock_events_oldest_seconds", labels)).isPositive();
            });
    assertThat(realm.metric("rowlock_events_dead_letters", labels)).isZero();

    receiver.answers(Answer.status(202));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(realm.metric("rowlock_events_pending", labels)).isZero());
    assertThat(delivered(labels)).isEqualTo(delivered + 1);
    assertThat(realm.metric("rowlock_events_total", "unreachable", labels[1])).isPositive();
    assertThat(realm.metric("rowlock_events_delay_seconds_count")).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "rowlock.events.push.url, /events, must be an absolute URL",
    "rowlock.events.push.url, ftp://api.example.org/events, must be an absolute URL",
    "rowlock.events.push.url, http://api.example.org/events, must be https",
    "rowlock.events.push.url, https://me:secret@api.example.org/, no user name",
    "rowlock.events.push.url, https://api example.org/, is no URL",
    "rowlock.events.push.timeout-ms, 801, from 50 to 800",
    "rowlock.events.push.timeout-ms, soon, from 50 to 800",
    "rowlock.events.push.allow-http, yes, must be true or false",
    "rowlock.events.poll, 1, must be true or false",
  })
  void invalidSetting_isRefusedWithTheReason(String name, String value, String reason) {
    assertThatThrownBy(() -> realm.attributes("second-api", Map.of(name, value)))
        .hasMessageContaining("400")
        .hasMessageContaining(name + " ")
        .hasMessageContaining(reason);

    var saved = realm.admin().get(realm.path("/clients?clientId=second-api")).path(0);
    assertThat(saved.path("attributes").path(name).asString("")).isNotEqualTo(value);
  }

  @Test
  void realmWithoutReceivers_keepsKeycloaksBehaviour() {
    realm.attributes("api", Map.of(URL, ""));
    var poll = Map.of("rowlock.events.poll", "false");
    realm.attributes("fetching-api", poll);
    try {
      var person = realm.person();
      var login = realm.login("app", person);

      realm
          .admin()
          .put(
              realm.path("/users/" + person.id() + "/reset-password"),
              "{\"type\":\"password\",\"value\":\"another-correct-password\"}");

      assertThat(realm.lives("app", login)).isTrue();
    } finally {
      realm.attributes("fetching-api", Map.of("rowlock.events.poll", "true"));
    }
  }

  private static double delivered(String... labels) {
    return realm.metric("rowlock_events_total", "outcome=\"delivered\"", labels[0], labels[1]);
  }
}
