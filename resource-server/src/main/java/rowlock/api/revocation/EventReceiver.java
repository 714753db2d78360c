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

/** Verifies events from all channels and writes them to the ledger before it returns. */
final class EventReceiver {
  private static final Logger log = LoggerFactory.getLogger(EventReceiver.class);

  /** The channel of an event. */
  enum Channel {
    /** Pushed by the issuer (RFC 8935). */
    PUSH,
    /** Pushed by the issuer as a logout token (OpenID Connect Back-Channel Logout). */
    LOGOUT,
    /** Polled. */
    POLL
  }

  /** The outcome of an event. */
  sealed interface Outcome {
    /** The event is in the ledger, or has no effect. */
    record Taken() implements Outcome {}

    /**
     * The event was rejected.
     *
     * @param reason the reason
     */
    record Refused(Refusal reason) implements Outcome {}

    /**
     * The event was not verified, because the budget of the sender is exhausted.
     *
     * @param retryAfter the wait before the retry
     */
    record TooMany(Duration retryAfter) implements Outcome {}

    /**
     * The event is valid, but this one could not be written to the ledger, which accepts others.
     */
    record Failed() implements Outcome {}
  }

  private static final Outcome TAKEN = new Outcome.Taken();

  private final SecurityEventReader events;
  private final LogoutTokenReader logouts;
  private final Ledger ledger;
  private final IssuerLiveness liveness;
  private final FailureBudget budget;
  private final SecurityLog securityLog;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Timer delay;

  EventReceiver(
      SecurityEventReader events,
      LogoutTokenReader logouts,
      Ledger ledger,
      IssuerLiveness liveness,
      FailureBudget budget,
      SecurityLog securityLog,
      Clock clock,
      MeterRegistry metrics) {
    this.events = events;
    this.logouts = logouts;
    this.ledger = ledger;
    this.liveness = liveness;
    this.budget = budget;
    this.securityLog = securityLog;
    this.clock = clock;
    this.metrics = metrics;
    this.delay =
        Timer.builder("rowlock.events.delay")
            .description("Time from an event at the issuer until it is in the ledger")
            .register(metrics);
  }

  /**
   * Receives a pushed event.
   *
   * @param address network address of the sender
   * @throws org.springframework.dao.DataAccessException if the ledger is unavailable
   */
  Outcome receive(Channel channel, String text, @Nullable String address) {
    var wait = budget.untilNextEvent(address);
    if (wait.isPositive()) {
      securityLog.eventRefused(Refusal.OVER_BUDGET, address, null);
      count(channel, "refused");
      return new Outcome.TooMany(wait);
    }
    return take(channel, text, address);
  }

  /**
   * Receives a polled event.
   *
   * @throws org.springframework.dao.DataAccessException if the ledger is unavailable
   */
  Outcome receivePolled(String text) {
    try {
      return take(Channel.POLL, text, null);
    } catch (RuntimeException e) {
      // one failing event must not block the ones after it
      if (Ledger.isUnavailable(e)) {
        throw e;
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
        } catch (RuntimeException e) {
          noteFailure(channel, accepted.value(), e);
          throw e;
        }
        yield TAKEN;
      }
    };
  }

  private void noteFailure(Channel channel, SecurityEvent event, RuntimeException failure) {
    if (!Ledger.isUnavailable(failure)) {
      metrics.counter("rowlock.events.failed", "channel", nameOf(channel)).increment();
      log.error(
          "Event {} failed: {}; it will be retried",
          event.id(),
          failure instanceof DataAccessException access
              ? access.getMostSpecificCause().getMessage()
              : failure.toString());
    }
  }

  private void write(Channel channel, SecurityEvent event) {
    var change = event.change();
    var isNew = ledger.apply(event.id(), event.happenedAt(), change == null ? Change.NONE : change);
    liveness.received(Duration.ZERO);
    if (!isNew) {
      count(channel, "repeated");
    } else if (change == null) {
      count(channel, "unknown");
    } else {
      count(channel, "applied");
      var since = Duration.between(event.happenedAt(), clock.instant());
      delay.record(since.isNegative() ? Duration.ZERO : since);
      note(change);
    }
  }

  /** Logs account events at info level, and the frequent session events at debug level. */
  private void note(Change change) {
    switch (change.kind()) {
      case ACCOUNT_PURGED, ACCOUNT_PURGED_BY_USER -> noteRemoval(change);
      case ACCOUNT_CREATED ->
          log.info(
              "Account {} exists at the issuer; its hidden rows were restored", change.account());
      case ACCOUNT_DISABLED, ACCOUNT_ENABLED, ACCOUNT_SESSIONS_ENDED ->
          log.info("Event {} received for account {}", change.kind().code(), change.account());
      case ALL_SESSIONS_ENDED -> log.info("Event received: the issuer has ended all sessions");
      case SESSION_ENDED, CLIENT_SESSION_ENDED, NONE ->
          log.debug("Event {} received for session {}", change.kind().code(), change.session());
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
