/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import rowlock.api.audit.Refusal;
import rowlock.api.revocation.EventReceiver.Outcome;
import rowlock.api.revocation.IssuerEventPoller.Answer;
import rowlock.api.settings.EventSettings;

/**
 * Polls the issuer at start-up and periodically, for events whose push was lost, and prunes the
 * ledger. One replica at a time polls, see {@link Ledger#takeTurn}. A persistent failure is logged
 * once.
 */
final class Reconciliation implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

  /** Limits a poll if the issuer's cursor goes in circles. */
  private static final int MAX_PAGES = 10_000;

  /**
   * Failed attempts, within half a minute after the start, before the first warning: the issuer may
   * be starting too.
   */
  private static final int FIRST_ATTEMPTS = 5;

  /** The outcome of the last poll. */
  enum State {
    /** Not polled yet, or another replica polls. */
    WAITING,
    /** The issuer has responded. */
    ANSWERED,
    /** The issuer has no such endpoint: only its pushes are received. */
    ABSENT,
    /** The issuer did not respond, or its response was unusable. */
    FAILING
  }

  private static final Duration UNDISTURBED = Duration.ofSeconds(1);

  private final IssuerEventPoller issuer;
  private final EventReceiver receiver;
  private final Ledger ledger;
  private final ErasureJob erasures;
  private final IssuerLiveness liveness;
  private final EventSettings settings;

  private volatile State state = State.WAITING;
  private int failedAtFirst;
  private volatile CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Thread thread;

  Reconciliation(
      IssuerEventPoller issuer,
      EventReceiver receiver,
      Ledger ledger,
      ErasureJob erasures,
      IssuerLiveness liveness,
      EventSettings settings) {
    this.issuer = issuer;
    this.receiver = receiver;
    this.ledger = ledger;
    this.erasures = erasures;
    this.liveness = liveness;
    this.settings = settings;
  }

  State state() {
    return state;
  }

  /** Starts after the web server, from which the issuer reads the key of this API. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }

  @Override
  public void start() {
    stopping = new CountDownLatch(1);
    thread = Thread.ofVirtual().name("reconciliation").start(this::run);
  }

  /**
   * Lets a running statement finish, because an interrupt would break its connection. Longer work
   * is interrupted; another replica repeats it.
   */
  @Override
  public void stop() {
    var running = thread;
    if (running == null) {
      return;
    }
    stopping.countDown();
    try {
      if (!running.join(UNDISTURBED)) {
        running.interrupt();
        running.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void run() {
    var failing = false;
    try {
      // Polls at the start even if another replica has just done so, and takes turns from then on.
      for (var pause = Duration.ZERO; ; pause = most(interval())) {
        try {
          round(pause);
          failing = false;
        } catch (DataAccessException e) {
          if (!failing && !Thread.currentThread().isInterrupted()) {
            log.warn(
                "Revocation ledger {}: {}; retry at the next poll",
                Ledger.isUnavailable(e) ? "unavailable" : "failed",
                e instanceof CannotGetJdbcConnectionException
                    ? "no connection"
                    : String.valueOf(e.getMostSpecificCause().getMessage()));
          }
          failing = true;
        } catch (RuntimeException e) {
          // polling must continue
          if (!failing) {
            log.error("Poll of the issuer failed; retry at the next poll", e);
          }
          failing = true;
        }
        if (stopping.await(jittered(interval()).toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the configured interval; a shorter one after the start while the issuer is unavailable.
   */
  private Duration interval() {
    var interval = settings.pollInterval();
    if (state != State.WAITING || failedAtFirst == 0) {
      return interval;
    }
    var soon = Duration.ofSeconds(1L << (failedAtFirst - 1));
    return soon.compareTo(interval) < 0 ? soon : interval;
  }

  /** All replicas together poll about once in each interval. */
  private static Duration most(Duration interval) {
    return interval.multipliedBy(4).dividedBy(5);
  }

  /**
   * Adds a random tenth more or less, so that replicas that start together do not poll together.
   */
  private static Duration jittered(Duration interval) {
    return Duration.ofMillis(
        (long) (interval.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
  }

  private void round(Duration pause) throws InterruptedException {
    var turn = ledger.takeTurn(pause);
    if (turn.silence() != null) {
      liveness.received(turn.silence());
    }
    if (turn.mine()) {
      try {
        // An unknown event may have restored an account.
        if (ask(turn.since())) {
          erasures.run();
        }
      } finally {
        var pruned = ledger.prune();
        log.debug("Pruned {} rows of the ledger", pruned);
      }
    }
    erasures.measure();
  }

  /**
   * Reads all pages, and records the cursor up to which all events are written.
   *
   * @return whether the ledger has all events; also if the issuer does not support polling, because
   *     then its pushes are all there is
   */
  private boolean ask(@Nullable String since) throws InterruptedException {
    var cursor = since;
    var complete = true;
    for (var page = 0; page < MAX_PAGES; page++) {
      switch (issuer.ask(cursor)) {
        case Answer.Absent absent -> {
          became(State.ABSENT, "it has no endpoint to poll; only pushed events are received");
          return true;
        }
        case Answer.Failed failed -> {
          became(State.FAILING, failed.reason());
          return false;
        }
        case Answer.Changes changes -> {
          complete &= write(changes);
          ledger.endTurn(complete ? changes.next() : null);
          liveness.received(Duration.ZERO);
          var moves = changes.next() != null && !changes.next().equals(cursor);
          if (!changes.more() || !moves) {
            became(State.ANSWERED, "");
            return complete;
          }
          cursor = changes.next();
        }
      }
    }
    became(State.FAILING, "its pages do not end");
    return false;
  }

  /**
   * Returns false if some events have to be polled again: their signing key may be known then, or
   * the cause of their failure corrected. Events that are rejected for another reason are dropped.
   */
  private boolean write(Answer.Changes changes) {
    var complete = true;
    for (var event : changes.events()) {
      complete &=
          switch (receiver.receivePolled(event)) {
            case Outcome.Refused refused ->
                refused.reason() != Refusal.NO_KEYS && refused.reason() != Refusal.UNKNOWN_KEY;
            case Outcome.Failed failed -> false;
            case Outcome.Taken taken -> true;
            case Outcome.TooMany tooMany -> false;
          };
    }
    return complete;
  }

  private void became(State now, String why) {
    var before = state;
    if (now == State.FAILING && before == State.WAITING && ++failedAtFirst < FIRST_ATTEMPTS) {
      log.debug("Poll of the issuer failed: {}; retry", why);
      return;
    }
    state = now;
    if (before == now) {
      return;
    }
    if (now == State.ABSENT && settings.failClosed()) {
      log.error(
          "ROWLOCK_EVENTS_FAIL_CLOSED is true, and the issuer has no endpoint to poll events from:"
              + " every request is answered 503 if it has pushed no event for {}."
              + " Set it to false, or ROWLOCK_EVENTS_POLL_URI to such an endpoint",
          settings.silence());
    }
    switch (now) {
      case ANSWERED -> log.info("Revocation events received from issuer");
      case ABSENT, FAILING ->
          log.warn("Revocation events not received from issuer: {}; retry", why);
      case WAITING -> log.debug("The issuer was not polled yet");
    }
  }
}
