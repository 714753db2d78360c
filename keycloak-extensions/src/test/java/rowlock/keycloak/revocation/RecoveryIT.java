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

/** Receivers that do not answer, and that are back. */
class RecoveryIT extends ReceiverOfItsOwn {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  void aReceiverThatHangsHoldsALogoutForASecondAtMostAndTheNextNotAtAll() {
    var person = lighthouse.person();
    var usual = new ArrayList<Duration>();
    for (var i = 0; i < 5; i++) {
      usual.add(lighthouse.logout("lamp", lighthouse.login("lamp", person)));
    }
    var slowest = usual.stream().max(Duration::compareTo).orElseThrow();
    var first = lighthouse.login("lamp", person);
    var next = lighthouse.login("lamp", person);
    var released = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      var held = lighthouse.logout("lamp", first);
      var notHeld = lighthouse.logout("lamp", next);

      assertThat(held).isLessThan(slowest.plusMillis(1000));
      assertThat(held).isGreaterThan(Duration.ofMillis(500));
      assertThat(notHeld).isLessThan(slowest.plusMillis(400));
    } finally {
      receiver.answers(Answer.status(202));
      released.countDown();
    }
    receiver.hears(one -> one.session().equals(first.sessionId()));
    receiver.hears(one -> one.session().equals(next.sessionId()));
  }

  /** Erasing takes its time. */
  @Test
  void aReceiverThatNeedsLongerThanALogoutMayWaitIsToldAllTheSame() {
    var person = lighthouse.person();
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
          exchange.sendResponseHeaders(202, -1);
        });

    lighthouse.logout("lamp", lighthouse.login("lamp", person));

    await().atMost(Duration.ofSeconds(30)).until(() -> delivered() == soFar + 1);
    assertThat(attempts).as("while the logout waited, and after").hasValueLessThanOrEqualTo(2);
    assertThat(receiver.about(person.id())).isNotEmpty();
  }

  private static double delivered() {
    return lighthouse.metric("rowlock_events_total", "outcome=\"delivered\"", "client_id=\"api\"");
  }

  @Test
  void aReceiverThatWasAwayGetsEverythingOnce() {
    var person = lighthouse.person();
    receiver.answers(Answer.status(503));
    var sessions = new ArrayList<String>();
    for (var i = 0; i < 10; i++) {
      var login = lighthouse.login("lamp", person);
      sessions.add(login.sessionId());
      lighthouse.logout("lamp", login);
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
  }

  @Test
  void theMomentAReceiverIsBackALogoutIsToldAtOnceAndTheNextBeforeItIsAnswered() {
    var person = lighthouse.person();
    receiver.answers(Answer.status(503));
    for (var i = 0; i < 5; i++) {
      lighthouse.logout("lamp", lighthouse.login("lamp", person));
    }
    var login = lighthouse.login("lamp", person);
    var soFar = delivered();
    receiver.answers(Answer.status(202));

    lighthouse.logout("lamp", login);

    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> receiver.sessionsEnded(person.id()).contains(login.sessionId()));
    await().until(() -> delivered() > soFar);
    // on a busy machine one alone may take longer than a logout waits
    await()
        .until(
            () -> {
              var next = lighthouse.login("lamp", person);
              lighthouse.logout("lamp", next);
              return receiver.sessionsEnded(person.id()).contains(next.sessionId());
            });
  }

  @Tag("thorough")
  @Test
  void aReceiverThatWasAwayForAMinuteHasAllThatWaitedWithinSecondsThoughNobodyDoesAnything() {
    var person = lighthouse.person();
    var attempts = new AtomicInteger();
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          exchange.sendResponseHeaders(503, -1);
        });
    for (var i = 0; i < 8; i++) {
      lighthouse.logout("lamp", lighthouse.login("lamp", person));
    }
    var soFar = attempts.get();
    var away = System.nanoTime();
    await().atMost(LIMIT).until(() -> System.nanoTime() - away > TimeUnit.MINUTES.toNanos(1));
    assertThat(attempts.get()).as("tried all the time").isGreaterThan(soFar + 10);

    receiver.answers(Answer.status(202));

    await()
        .atMost(Duration.ofSeconds(4))
        .until(() -> receiver.sessionsEnded(person.id()).size() == 8);
    assertThat(receiver.times().values()).containsOnly(1L);
  }

  @Test
  void aReceiverThatHangsGetsOneMessageAtATimeHoweverManyAreWritten() {
    var person = lighthouse.person();
    var logins = new ArrayList<Lighthouse.Login>();
    for (var i = 0; i < 20; i++) {
      logins.add(lighthouse.login("lamp", person));
    }
    var attempts = new AtomicInteger();
    var released = new CountDownLatch(1);
    receiver.answers(
        exchange -> {
          attempts.incrementAndGet();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      lighthouse.logout("lamp", logins.remove(0));
      var soFar = attempts.get();
      var begun = System.nanoTime();
      logins.parallelStream().forEach(login -> lighthouse.logout("lamp", login));

      var took = Duration.ofNanos(System.nanoTime() - begun);
      // each holds the worker for as long as a push may take
      assertThat(attempts.get() - soFar).isLessThanOrEqualTo(2 + (int) (took.toMillis() / 800));
    } finally {
      receiver.answers(Answer.status(202));
      released.countDown();
    }
    await().atMost(LIMIT).until(() -> receiver.sessionsEnded(person.id()).size() >= 19);
  }
}
