/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import rowlock.api.audit.FailureBudget;
import rowlock.api.audit.Refusal;
import rowlock.api.audit.SecurityLog;
import rowlock.api.token.Verdict;

/** Takes events in, whichever way they come, and has them in the ledger when it returns. */
final class EventReceiver {

  private static final Logger log = LoggerFactory.getLogger(EventReceiver.class);

  /** The way an event has come. */
  enum Channel {
    /** Pushed by the issuer (RFC 8935). */
    PUSH,
    /** Pushed by the issuer as a logout token (OpenID Connect Back-Channel Logout). */
    LOGOUT,
    /** Asked for. */
    POLL
  }

  /** What has become of an event. */
  sealed interface Outcome {

    /** It is in the ledger, or there was nothing to write. */
    record Taken() implements Outcome {}

    /**
     * It is not good.
     *
     * @param reason why
     */
    record Refused(Refusal reason) implements Outcome {}

    /**
     * It was not looked at: too much that came from there was no good.
     *
     * @param retryAfter how long to wait before sending it again
     */
    record TooMany(Duration retryAfter) implements Outcome {}

    /** It is good, and this one could not be put into the ledger, which takes others. */
    record Failed() implements Outcome {}
  }

  private static final Outcome TAKEN = new Outcome.Taken();

  private final SecurityEventReader events;
  private final LogoutTokenReader logouts;
  private final Ledger ledger;
  private final Silence silence;
  private final FailureBudget budget;
  private final SecurityLog securityLog;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Timer delay;

  EventReceiver(
      SecurityEventReader events,
      LogoutTokenReader logouts,
      Ledger ledger,
      Silence silence,
      FailureBudget budget,
      SecurityLog securityLog,
      Clock clock,
      MeterRegistry metrics) {
    this.events = events;
    this.logouts = logouts;
    this.ledger = ledger;
    this.silence = silence;
    this.budget = budget;
    this.securityLog = securityLog;
    this.clock = clock;
    this.metrics = metrics;
    this.delay =
        Timer.builder("rowlock.events.delay")
            .description("From what has happened at the issuer until it is in the ledger")
            .register(metrics);
  }

  /**
   * Takes an event from the network.
   *
   * @param address network address of the sender
   * @throws org.springframework.dao.DataAccessException when the ledger cannot be written
   */
  Outcome receive(Channel channel, String text, @Nullable String address) {
    Duration wait = budget.untilNextEvent(address);
    if (wait.isPositive()) {
      securityLog.eventRefused(Refusal.OVER_BUDGET, address, null);
      count(channel, "refused");
      return new Outcome.TooMany(wait);
    }
    return take(channel, text, address);
  }

  /**
   * Takes an event that the issuer has answered with.
   *
   * @throws org.springframework.dao.DataAccessException when the ledger cannot be reached
   */
  Outcome receivePolled(String text) {
    try {
      return take(Channel.POLL, text, null);
    } catch (RuntimeException failure) {
      // one event must not stand in the way of all that come after it
      if (Ledger.isAway(failure)) {
        throw failure;
      }
      return new Outcome.Failed();
    }
  }

  private Outcome take(Channel channel, String text, @Nullable String address) {
    return switch (channel == Channel.LOGOUT ? logouts.read(text) : events.read(text)) {
      case Verdict.Refused<SecurityEvent> refused -> {
        securityLog.eventRefused(refused.reason(), address, refused.kid());
        count(channel, "refused");
        yield new Outcome.Refused(refused.reason());
      }
      case Verdict.Accepted<SecurityEvent> accepted -> {
        try {
          write(channel, accepted.value());
        } catch (RuntimeException failure) {
          noteFailure(channel, accepted.value(), failure);
          throw failure;
        }
        yield TAKEN;
      }
    };
  }

  private void noteFailure(Channel channel, SecurityEvent event, RuntimeException failure) {
    if (!Ledger.isAway(failure)) {
      metrics.counter("rowlock.events.failed", "channel", nameOf(channel)).increment();
      log.error(
          "The event {} cannot be applied, and is tried again: {}",
          event.id(),
          failure instanceof DataAccessException access
              ? access.getMostSpecificCause().getMessage()
              : failure.toString());
    }
  }

  private void write(Channel channel, SecurityEvent event) {
    Change change = event.change();
    boolean isNew =
        ledger.apply(event.id(), event.happenedAt(), change == null ? Change.NONE : change);
    silence.heard(Duration.ZERO);
    if (!isNew) {
      count(channel, "repeated");
    } else if (change == null) {
      count(channel, "unknown");
    } else {
      count(channel, "applied");
      Duration since = Duration.between(event.happenedAt(), clock.instant());
      delay.record(since.isNegative() ? Duration.ZERO : since);
      note(change);
    }
  }

  /** Sessions come and go; what happens to accounts is rare. */
  private void note(Change change) {
    switch (change.kind()) {
      case ACCOUNT_PURGED, ACCOUNT_PURGED_BY_USER -> noteRemoval(change);
      case ACCOUNT_CREATED ->
          log.info("Account {} exists at the issuer; rows that it had are back", change.account());
      case ACCOUNT_DISABLED, ACCOUNT_ENABLED, ACCOUNT_SESSIONS_ENDED ->
          log.info("The issuer says {} of the account {}", change.kind().code(), change.account());
      case ALL_SESSIONS_ENDED -> log.info("The issuer has ended all sessions");
      case SESSION_ENDED, CLIENT_SESSION_ENDED, NONE ->
          log.debug("The issuer says {} of the session {}", change.kind().code(), change.session());
    }
  }

  private void noteRemoval(Change change) {
    if (ledger.retention(change.kind()).isZero()) {
      metrics.counter("rowlock.erasures", "outcome", "erased").increment();
      log.info("Account {} was removed at the issuer; erased its rows", change.account());
    } else {
      log.info(
          "Account {} was removed at the issuer; its rows are inaccessible and will be erased in {}",
          change.account(),
          ledger.retention(change.kind()));
    }
  }

  private static String nameOf(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }

  private void count(Channel channel, String outcome) {
    metrics
        .counter("rowlock.events.received", "channel", nameOf(channel), "outcome", outcome)
        .increment();
  }
}
