/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.revocation.EventReceiver.Answer;
import rowlock.local.KeycloakServer;
import rowlock.local.Keycloaks;
import rowlock.local.TestServers;

/** A server that is killed, and messages that nobody takes for very long. */
class CrashIT {
  private static final String[] API = {"realm=\"lighthouse\"", "client_id=\"api\""};
  private static final Duration LIMIT = Duration.ofSeconds(150);

  private static KeycloakServer server;
  private static Lighthouse lighthouse;
  private static EventReceiver receiver;

  @BeforeAll
  static void start() {
    var wanted = Lighthouse.wanted();
    server =
        TestServers.newKeycloak(
            new Keycloaks(
                wanted.providers(),
                wanted.realmFiles(),
                List.of(),
                List.of("--spi-events-listener--rowlock-revocation--dead-letter-after-seconds=3"),
                Map.of()));
    lighthouse = new Lighthouse(server);
    receiver = new EventReceiver(server, Lighthouse.REALM);
    save();
  }

  @AfterAll
  static void stop() {
    receiver.close();
    server.close();
  }

  @Test
  void whatWasCommittedIsToldAfterAKillBeforeThePushWasDone() throws Exception {
    var person = lighthouse.person();
    var login = lighthouse.login("lamp", person);
    var begun = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          begun.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (var threads = Executors.newSingleThreadExecutor()) {
      var logout = threads.submit(() -> lighthouse.logout("lamp", login));
      begun.await();
      server.kill();
      receiver.answers(Answer.status(202));
      released.countDown();
      assertThat(logout).failsWithin(Duration.ofSeconds(30));
    }
    assertThat(receiver.about(person.id())).isEmpty();

    server.restart();

    receiver.hears(one -> one.session().equals(login.sessionId()));
    assertThat(lighthouse.lives("lamp", login)).isFalse();
    assertThat(receiver.times().values()).containsOnly(1L);
  }

  @Test
  void aDeadLetterIsSeenAndGoesOutWhenTheReceiverAnswersAgain() {
    var person = deadLetter();

    receiver.answers(Answer.status(202));

    await().atMost(LIMIT).until(() -> receiver.about(person.id()).size() == 1);
    await().atMost(LIMIT).until(() -> lighthouse.metric("rowlock_events_dead_letters", API) == 0);
  }

  @Test
  void aDeadLetterGoesOutAtOnceWhenAnAdministratorSavesTheReceiver() {
    var person = deadLetter();
    receiver.answers(Answer.status(202));

    save();

    await().atMost(Duration.ofSeconds(15)).until(() -> receiver.about(person.id()).size() == 1);
  }

  private static Lighthouse.Person deadLetter() {
    var person = lighthouse.person();
    receiver.answers(Answer.status(503));
    lighthouse.logout("lamp", lighthouse.login("lamp", person));
    await().atMost(LIMIT).until(() -> lighthouse.metric("rowlock_events_dead_letters", API) > 0);
    assertThat(log()).contains("\"event\":\"SECURITY_EVENT_DEAD_LETTER\"", "\"client_id\":\"api\"");
    assertThat(receiver.about(person.id())).isEmpty();
    return person;
  }

  private static void save() {
    lighthouse.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
  }

  private static String log() {
    try {
      return Files.readString(server.logFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
