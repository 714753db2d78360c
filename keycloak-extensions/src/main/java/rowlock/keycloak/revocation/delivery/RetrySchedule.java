/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import rowlock.keycloak.revocation.delivery.PushClient.Attempt;
import rowlock.keycloak.revocation.delivery.PushClient.Outcome;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * Exponential back-off: for a receiver that is down, as this node knows it, and for a poison
 * message, which its receiver does not take although it is up. Thread-safe.
 */
final class RetrySchedule {
  private static final Duration MIN_RECEIVER_PAUSE = Duration.ofMillis(250);

  /** Upper bound, so that a receiver that is back is noticed within 1.5 seconds. */
  private static final Duration MAX_RECEIVER_PAUSE = Duration.ofSeconds(1);

  private static final Duration MIN_MESSAGE_PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_MESSAGE_PAUSE = Duration.ofMinutes(1);
  private static final Duration MAX_REFUSED_PAUSE = Duration.ofMinutes(5);

  private final Map<String, Outage> outages = new ConcurrentHashMap<>();

  private record Outage(Duration pause, Instant nextAttempt) {}

  /** Returns whether the receiver has failed since it last answered. No request waits for it. */
  boolean isDown(String receiver) {
    return outages.containsKey(receiver);
  }

  /** Returns whether the receiver may be tried now. */
  boolean isDue(String receiver) {
    var outage = outages.get(receiver);
    return outage == null || !Instant.now().isBefore(outage.nextAttempt());
  }

  /** Records that the receiver is up. */
  void answered(String receiver) {
    outages.remove(receiver);
  }

  /** Records that the receiver is down. The pause doubles with each failure, up to the maximum. */
  void failed(String receiver) {
    outages.compute(
        receiver,
        (id, outage) -> {
          var pause =
              outage == null ? MIN_RECEIVER_PAUSE : doubled(outage.pause(), 1, MAX_RECEIVER_PAUSE);
          return new Outage(pause, Instant.now().plus(pause));
        });
  }

  /**
   * Returns whether a push failed because of its message, and not because the receiver is down.
   *
   * @param before whether the receiver answered other messages right before
   * @param since whether it has answered another one since
   */
  boolean isPoison(Attempt attempt, boolean before, boolean since) {
    var message = attempt.push().message();
    return attempt.outcome() == Outcome.REFUSED
        || since
        || (before && message.attempts() > 0)
        || (message.attempts() >= Outbox.POISON && !isDown(message.receiver()));
  }

  /**
   * Returns the new number of attempts: unchanged and at least 1 if the receiver is down, one more
   * and at least {@link Outbox#POISON} for a poison message.
   */
  static int attempts(Outbox.Message message, boolean isPoison) {
    return isPoison
        ? Math.max(Outbox.POISON, message.attempts() + 1)
        : Math.max(1, message.attempts());
  }

  /** Returns the time to the next attempt of a poison message: 1, 2, 4 … seconds. */
  static Duration pause(Attempt attempt) {
    return doubled(
        MIN_MESSAGE_PAUSE,
        Math.max(0, attempt.push().message().attempts() - 1),
        attempt.outcome() == Outcome.REFUSED ? MAX_REFUSED_PAUSE : MAX_MESSAGE_PAUSE);
  }

  private static Duration doubled(Duration pause, int times, Duration max) {
    var doubled = pause.multipliedBy(1L << Math.min(times, 20));
    return doubled.compareTo(max) < 0 ? doubled : max;
  }
}
