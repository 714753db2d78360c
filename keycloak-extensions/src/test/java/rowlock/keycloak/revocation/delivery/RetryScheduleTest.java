/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.keycloak.revocation.delivery.PushClient.Attempt;
import rowlock.keycloak.revocation.delivery.PushClient.Outcome;
import rowlock.keycloak.revocation.delivery.PushClient.Push;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

class RetryScheduleTest {
  private final RetrySchedule schedule = new RetrySchedule();

  @Test
  void receivers_atFirst_areUp() {
    assertThat(schedule.isDown("api")).isFalse();
    assertThat(schedule.isDue("api")).isTrue();
  }

  @Test
  void failure_marksThatReceiverOnly() {
    schedule.failed("api");
    schedule.failed("api");

    assertThat(schedule.isDown("api")).isTrue();
    assertThat(schedule.isDown("other")).isFalse();
  }

  @Test
  void answer_endsTheOutage() {
    schedule.failed("api");

    schedule.answered("api");

    assertThat(schedule.isDown("api")).isFalse();
    assertThat(schedule.isDue("api")).isTrue();
  }

  @Test
  void pauseOfReceiver_growsUpToASecond() {
    for (var i = 0; i < 30; i++) {
      schedule.failed("api");
    }

    assertThat(schedule.isDue("api")).isFalse();
    await().atMost(Duration.ofSeconds(2)).until(() -> schedule.isDue("api"));
    assertThat(schedule.isDown("api")).as("until it answers").isTrue();
  }

  @Test
  void failure_whileNothingIsAnswered_isThatOfTheReceiver() {
    assertThat(schedule.isPoison(failed(0), false, false)).isFalse();
    schedule.failed("api");
    assertThat(schedule.isPoison(failed(1), false, false)).isFalse();
    schedule.answered("other");
    assertThat(schedule.isPoison(failed(1), false, false)).isFalse();
  }

  @Test
  void failure_anotherIsAnsweredSince_isPoison() {
    assertThat(schedule.isPoison(failed(0), false, true)).isTrue();
    assertThat(schedule.isPoison(failed(1), false, true)).isTrue();
  }

  @Test
  void failure_anotherWasAnsweredBefore_isPoisonFromTheSecond() {
    assertThat(schedule.isPoison(failed(0), true, false)).as("may be killed now").isFalse();
    assertThat(schedule.isPoison(failed(1), true, false)).isTrue();
  }

  @Test
  void poison_staysPoisonUntilTheReceiverIsDown() {
    var attempts = RetrySchedule.attempts(failed(1).push().message(), true);

    assertThat(schedule.isPoison(failed(attempts), false, false))
        .as("with nothing else to send")
        .isTrue();
    schedule.failed("api");
    assertThat(schedule.isPoison(failed(attempts), false, false)).isFalse();
  }

  @Test
  void refusal_isPoisonAtOnce() {
    schedule.failed("api");

    assertThat(schedule.isPoison(attempt(Outcome.REFUSED, 0), false, false)).isTrue();
  }

  @Test
  void attempts_growForPoisonOnly() {
    assertThat(RetrySchedule.attempts(failed(0).push().message(), false)).isEqualTo(1);
    assertThat(RetrySchedule.attempts(failed(1).push().message(), false)).isEqualTo(1);
    assertThat(RetrySchedule.attempts(failed(0).push().message(), true)).isEqualTo(2);
    assertThat(RetrySchedule.attempts(failed(2).push().message(), true)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, 0, 1", "FAILED, 1, 1", "FAILED, 2, 2", "FAILED, 5, 16", "FAILED, 7, 60",
    "FAILED, 1000, 60", "REFUSED, 0, 1", "REFUSED, 2, 2", "REFUSED, 9, 256", "REFUSED, 1000, 300",
  })
  void pauseOfPoison_doublesUpToItsMaximum(Outcome outcome, int attempts, int seconds) {
    assertThat(RetrySchedule.pause(attempt(outcome, attempts)))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  private static Attempt failed(int attempts) {
    return attempt(Outcome.FAILED, attempts);
  }

  private static Attempt attempt(Outcome outcome, int attempts) {
    var message = new Outbox.Message("1", "api", "jti", "{}", attempts, Instant.now());
    var receiver = new Receiver("api", "api", null, Duration.ofMillis(800));
    return new Attempt(new Push("realm", message, receiver, "token"), outcome, "");
  }
}
