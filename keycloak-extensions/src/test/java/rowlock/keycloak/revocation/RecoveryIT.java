/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.revocation.EventReceiver.Answer;

/** Receivers that hang or are down, and recover. */
class RecoveryIT extends ReceiverOfItsOwn {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  void hangingReceiver_delaysOneLogoutByASecond_nextNotAtAll() {
    var person = realm.person();
    var usual = new ArrayList<Duration>();
    for (var i = 0; i < 5; i++) {
      usual.add(realm.logout("app", realm.login("app", person)));
    }
    var slowest = usual.stream().max(Duration::compareTo).orElseThrow();
    var first = realm.login("app", person);
    var next = realm.login("app", person);
    var released = new CountDownLatch(1);
    receiver.answers(Answer.status(503, released));
    try {
      var held = realm.logout("app", first);
      var notHeld = realm.logout("app", next);

      assertThat(held).isLessThan(slowest.plusMillis(1000));
      assertThat(held).isGreaterThan(Duration.ofMillis(500));
      assertThat(notHeld).isLessThan(slowest.plusMillis(400));
    } finally {
      receiver.answers(Answer.status(202));
      released.countDown();
    }
    receiver.awaitEvent(one -> one.session().equals(first.sessionId()));
    receiver.awaitEvent(one -> one.session().equals(next.sessionId()));
  }

  /** A receiver may have much to erase. */
  @Test
  void slowReceiver_getsEventAfterTheLogoutAnswered() {
    var person = realm.person();
    var attempts = new AtomicInteger();
    var never = new CountDownLatch(1);
    var soFar = delivered();
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          try {
            var unused = never.await(1500, TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return 202;
        });

    realm.logout("app", realm.login("app", person));

    await().atMost(Duration.ofSeconds(30)).until(() -> delivered() == soFar + 1);
    assertThat(attempts).as("while the logout waited, and after").hasValueLessThanOrEqualTo(2);
    assertThat(receiver.about(person.id())).isNotEmpty();
  }

  private static double delivered() {
    return realm.metric("rowlock_events_total", "outcome=\"delivered\"", "client_id=\"api\"");
  }

  @Test
  void receiverUpAgain_getsEachEventOnce() {
    var person = realm.person();
    receiver.answers(Answer.status(503));
    var sessions = new ArrayList<String>();
    for (var i = 0; i < 10; i++) {
      var login = realm.login("app", person);
      sessions.add(login.sessionId());
      realm.logout("app", login);
    }
    assertThat(receiver.about(person.id())).isEmpty();

    receiver.answers(Answer.status(202));

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(receiver.sessionsEnded(person.id()))
                    .containsExactlyInAnyOrderElementsOf(sessions));
    assertThat(receiver.times().values()).containsOnly(1L);
    var delivered = receiver.sessionsEnded(person.id());
    sessions.remove(delivered.getFirst());
    assertThat(delivered.subList(1, delivered.size()))
        .as("oldest first, after the one that found the receiver up")
        .containsExactlyElementsOf(sessions);
  }

  @Test
  void receiverUpAgain_nextLogoutIsDeliveredAtOnce() {
    var person = realm.person();
    receiver.answers(Answer.status(503));
    for (var i = 0; i < 5; i++) {
      realm.logout("app", realm.login("app", person));
    }
    var login = realm.login("app", person);
    var soFar = delivered();
    receiver.answers(Answer.status(202));

    realm.logout("app", login);

    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> receiver.sessionsEnded(person.id()).contains(login.sessionId()));
    await().until(() -> delivered() > soFar);
    // on a busy machine a single push may take longer than a logout waits
    await()
        .until(
            () -> {
              var next = realm.login("app", person);
              realm.logout("app", next);
              return receiver.sessionsEnded(person.id()).contains(next.sessionId());
            });
  }

  @Tag("thorough")
  @Test
  void receiverDownForAMinute_getsBacklogWithinSeconds() {
    var person = realm.person();
    var attempts = new AtomicInteger();
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          return 503;
        });
    for (var i = 0; i < 8; i++) {
      realm.logout("app", realm.login("app", person));
    }
    var soFar = attempts.get();
    var down = System.nanoTime();
    await().atMost(LIMIT).until(() -> System.nanoTime() - down > TimeUnit.MINUTES.toNanos(1));
    assertThat(attempts.get()).as("retried all the time").isGreaterThan(soFar + 10);

    receiver.answers(Answer.status(202));

    await()
        .atMost(Duration.ofSeconds(4))
        .until(() -> receiver.sessionsEnded(person.id()).size() == 8);
    assertThat(receiver.times().values()).containsOnly(1L);
  }

  @Test
  void hangingReceiver_getsOneMessageAtATime() {
    var person = realm.person();
    var logins = new ArrayList<RevocationRealm.Login>();
    for (var i = 0; i < 20; i++) {
      logins.add(realm.login("app", person));
    }
    var attempts = new AtomicInteger();
    var released = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          return Answer.status(503, released).to(exchange);
        });
    try {
      realm.logout("app", logins.remove(0));
      var soFar = attempts.get();
      var begun = System.nanoTime();
      logins.parallelStream().forEach(login -> realm.logout("app", login));

      var took = Duration.ofNanos(System.nanoTime() - begun);
      // each occupies the worker until its timeout
      assertThat(attempts.get() - soFar).isLessThanOrEqualTo(2 + (int) (took.toMillis() / 800));
    } finally {
      receiver.answers(Answer.status(202));
      released.countDown();
    }
    await().atMost(LIMIT).until(() -> receiver.sessionsEnded(person.id()).size() >= 19);
  }
}
