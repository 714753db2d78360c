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
import rowlock.api.revocation.ChangesEndpoint.Answer;
import rowlock.api.revocation.EventReceiver.Outcome;
import rowlock.api.settings.EventSettings;

/**
 * Asks the issuer what has changed, when this API starts and again and again, for events whose push
 * was lost; and takes old rows out of the ledger. One replica at a time does it, see {@link
 * Ledger#takeTurn}. What can go wrong is said once, not each time.
 */
final class Reconciliation implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

  /** An issuer whose cursor goes in circles must not keep us busy. */
  private static final int MAX_PAGES = 10_000;

  /**
   * An issuer that starts together with us is asked this often, in half a minute, before a word.
   */
  private static final int FIRST_ATTEMPTS = 5;

  /** How asking went the last time. */
  enum State {
    /** The issuer was not asked yet, or another replica's turn it was. */
    WAITING,
    /** It has answered. */
    ANSWERED,
    /** It has no such endpoint: all there is are its pushes. */
    ABSENT,
    /** It has not answered, or not well. */
    FAILING
  }

  private static final Duration UNDISTURBED = Duration.ofSeconds(1);

  private final ChangesEndpoint issuer;
  private final EventReceiver receiver;
  private final Ledger ledger;
  private final ErasureJob erasures;
  private final Silence silence;
  private final EventSettings settings;

  private volatile State state = State.WAITING;
  private int failedAtFirst;
  private volatile CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Thread thread;

  Reconciliation(
      ChangesEndpoint issuer,
      EventReceiver receiver,
      Ledger ledger,
      ErasureJob erasures,
      Silence silence,
      EventSettings settings) {
    this.issuer = issuer;
    this.receiver = receiver;
    this.ledger = ledger;
    this.erasures = erasures;
    this.silence = silence;
    this.settings = settings;
  }

  State state() {
    return state;
  }

  /** Behind the web server: the issuer reads our key there. */
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
   * A statement that is under way is let finish: an interrupt would break its connection. What
   * takes longer is stopped; it is done again by whoever is next.
   */
  @Override
  public void stop() {
    Thread running = thread;
    if (running == null) {
      return;
    }
    stopping.countDown();
    try {
      if (!running.join(UNDISTURBED)) {
        running.interrupt();
        running.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void run() {
    boolean failing = false;
    try {
      // At the start whatever another replica has done; from then on in turns.
      for (Duration pause = Duration.ZERO; ; pause = most(interval())) {
        try {
          round(pause);
          failing = false;
        } catch (DataAccessException away) {
          if (!failing && !Thread.currentThread().isInterrupted()) {
            log.warn(
                "The revocation ledger {}: {}. Trying again.",
                Ledger.isAway(away) ? "cannot be reached" : "does not do what it should",
                away instanceof CannotGetJdbcConnectionException
                    ? "no connection"
                    : String.valueOf(away.getMostSpecificCause().getMessage()));
          }
          failing = true;
        } catch (RuntimeException unexpected) {
          // must not be the end of asking
          if (!failing) {
            log.error("The issuer cannot be asked what has ended. Trying again.", unexpected);
          }
          failing = true;
        }
        if (stopping.await(jittered(interval()).toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** As set; shorter at the start, as long as the issuer is not there. */
  private Duration interval() {
    Duration interval = settings.pollInterval();
    if (state != State.WAITING || failedAtFirst == 0) {
      return interval;
    }
    Duration soon = Duration.ofSeconds(1L << (failedAtFirst - 1));
    return soon.compareTo(interval) < 0 ? soon : interval;
  }

  /** All replicas together ask about once in each interval, whoever is the first to wake up. */
  private static Duration most(Duration interval) {
    return interval.multipliedBy(4).dividedBy(5);
  }

  /** A tenth more or less, so that replicas that start together do not wake up together. */
  private static Duration jittered(Duration interval) {
    return Duration.ofMillis(
        (long) (interval.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1)));
  }

  private void round(Duration pause) throws InterruptedException {
    Ledger.Turn turn = ledger.takeTurn(pause);
    if (turn.silence() != null) {
      silence.heard(turn.silence());
    }
    if (turn.mine()) {
      try {
        // With changes that are not known yet, an account may have come back.
        if (ask(turn.since())) {
          erasures.run();
        }
      } finally {
        long pruned = ledger.prune();
        log.debug("Took {} rows out of the ledger", pruned);
      }
    }
    erasures.measure();
  }

  /**
   * Reads page by page, and remembers how far all has been written down.
   *
   * @return whether the ledger has all changes; also if the issuer cannot be asked at all, because
   *     then its pushes are all there is
   */
  private boolean ask(@Nullable String since) throws InterruptedException {
    String cursor = since;
    boolean complete = true;
    for (int page = 0; page < MAX_PAGES; page++) {
      switch (issuer.ask(cursor)) {
        case Answer.Absent absent -> {
          became(State.ABSENT, "it has no endpoint for that; only what it pushes is known");
          return true;
        }
        case Answer.Failed failed -> {
          became(State.FAILING, failed.reason());
          return false;
        }
        case Answer.Changes changes -> {
          complete &= write(changes);
          ledger.endTurn(complete ? changes.next() : null);
          silence.heard(Duration.ZERO);
          boolean moves = changes.next() != null && !changes.next().equals(cursor);
          if (!changes.more() || !moves) {
            became(State.ANSWERED, "");
            return complete;
          }
          cursor = changes.next();
        }
      }
    }
    became(State.FAILING, "it goes on without end");
    return false;
  }

  /**
   * False when some of it has to be asked for again: the key that it is signed with may be known
   * then, or what has made it fail be put right. What is refused for another reason will not get
   * better.
   */
  private boolean write(Answer.Changes changes) {
    boolean complete = true;
    for (String event : changes.events()) {
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
    State before = state;
    if (now == State.FAILING && before == State.WAITING && ++failedAtFirst < FIRST_ATTEMPTS) {
      log.debug("The issuer has not told yet which sessions and accounts have ended: {}", why);
      return;
    }
    state = now;
    if (before == now) {
      return;
    }
    if (now == State.ABSENT && settings.failClosed()) {
      log.error(
          "ROWLOCK_EVENTS_FAIL_CLOSED is true, and the issuer has no endpoint to be asked what has"
              + " ended: every request is answered 503 as soon as it has pushed nothing for {}."
              + " Set it to false, or ROWLOCK_EVENTS_POLL_URI to where it can be asked",
          settings.silence());
    }
    switch (now) {
      case ANSWERED -> log.info("The issuer tells which sessions and accounts have ended");
      case ABSENT, FAILING ->
          log.warn("The issuer does not tell which sessions and accounts have ended: {}", why);
      case WAITING -> log.debug("The issuer was not asked yet");
    }
  }
}
