/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;

/**
 * The issuer's keys, fetched in the background and never on the way of a request. The last good set
 * serves on while the issuer is away. A key id that nobody knows makes at most one extra fetch per
 * {@link Timing#extra}, however many are tried.
 */
final class IssuerKeys implements AutoCloseable {

  /**
   * @param refresh between two regular fetches
   * @param extra least time between two fetches that unknown key ids cause
   * @param keep how long a set serves on without a newer one
   * @param patience how long a request with an unknown key id waits for such a fetch under way
   */
  record Timing(Duration refresh, Duration extra, Duration keep, Duration patience) {

    static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            Duration.ofSeconds(1));
  }

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /**
   * Requests that may wait for one extra fetch at a time. Anybody can send an unknown key id, and
   * each that waits holds a connection; the few that come with a key that is new are let in.
   */
  static final int MAX_WAITING = 100;

  private final TokenSettings settings;
  private final IssuerEndpoint endpoint;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Timing timing;
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("issuer-keys").factory());

  private volatile @Nullable KeySet current;
  private volatile boolean failing;

  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final ReentrantLock extraLock = new ReentrantLock();
  private CompletableFuture<?> extra = CompletableFuture.completedFuture(null);
  private Instant nextExtra = Instant.MIN;
  private Duration retry = FIRST_RETRY;

  IssuerKeys(TokenSettings settings, Clock clock, MeterRegistry metrics, Timing timing) {
    this.settings = settings;
    this.endpoint = new IssuerEndpoint(settings);
    this.clock = clock;
    this.metrics = metrics;
    this.timing = timing;
  }

  /** Begins to fetch. Returns at once, whether or not the issuer is there. */
  void start() {
    background.execute(this::refreshAgainAndAgain);
  }

  /** The key of this name, or why there is none. */
  Verdict<IssuerKey> find(String kid) {
    KeySet set = usable();
    if (set == null) {
      return new Verdict.Refused<>(Refusal.NO_KEYS, kid, null);
    }
    IssuerKey key = set.find(kid);
    if (key == null) {
      awaitExtraRefresh();
      KeySet newer = usable();
      key = newer == null ? null : newer.find(kid);
    }
    return key == null
        ? new Verdict.Refused<>(Refusal.UNKNOWN_KEY, kid, null)
        : new Verdict.Accepted<>(key);
  }

  /** Whether this very key is still one of the issuer's. */
  boolean contains(IssuerKey key) {
    KeySet set = usable();
    IssuerKey now = set == null ? null : set.find(key.kid());
    return now != null && now.isSameAs(key);
  }

  /** The set in use, or null when none was ever seen, or the last one is too old or has no key. */
  @Nullable KeySet usable() {
    KeySet set = current;
    return set == null
            || set.keys().isEmpty()
            || clock.instant().isAfter(set.fetchedAt().plus(timing.keep))
        ? null
        : set;
  }

  /** How long clients should wait when there are no keys. */
  static Duration retryAfter() {
    return Duration.ofSeconds(5);
  }

  /**
   * Lets the caller wait a moment for the one extra fetch that may be under way, so that tokens of
   * a key that is minutes younger than the set do not fail. Fetches nothing itself, and turns round
   * at once when enough are waiting.
   */
  private void awaitExtraRefresh() {
    CompletableFuture<?> underWay = extraRefresh();
    if (underWay.isDone() || !waiting.tryAcquire()) {
      return;
    }
    try {
      underWay.get(timing.patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      log.debug("An extra fetch of the issuer's keys takes its time");
    } catch (ExecutionException failed) {
      log.debug("An extra fetch of the issuer's keys failed"); // and has said why where it did
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.release();
    }
  }

  /** The latest extra fetch, begun now if it is time for one. */
  private CompletableFuture<?> extraRefresh() {
    extraLock.lock();
    try {
      Instant now = clock.instant();
      if (extra.isDone() && !now.isBefore(nextExtra)) {
        nextExtra = now.plus(timing.extra);
        extra = CompletableFuture.runAsync(this::refresh, background);
      }
      return extra;
    } finally {
      extraLock.unlock();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it logs itself what goes wrong in it
  private void refreshAgainAndAgain() {
    try {
      refresh();
    } finally {
      if (!background.isShutdown()) {
        background.schedule(this::refreshAgainAndAgain, pause().toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Regular with keys at hand; without any, soon and then less often. */
  private Duration pause() {
    if (usable() != null) {
      retry = FIRST_RETRY;
      return timing.refresh;
    }
    Duration pause = retry.compareTo(timing.refresh) < 0 ? retry : timing.refresh;
    Duration doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    return pause;
  }

  private void refresh() {
    try {
      byte[] document = endpoint.keySet();
      KeySet set = KeySet.read(document, settings.algorithms(), clock.instant());
      if (set == null) {
        failed("what was answered is no key set");
      } else if (set.keys().isEmpty()) {
        current = set; // the issuer has withdrawn the keys that served until now
        failed("none of them can be used; see ROWLOCK_TOKEN_ALGORITHMS");
      } else {
        succeeded(set);
      }
    } catch (IOException away) {
      failed(String.valueOf(away.getMessage()));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error defect) {
      log.error("Fetching the issuer's keys failed in an unknown way", defect);
      throw defect;
    }
  }

  private void succeeded(KeySet set) {
    KeySet before = current;
    current = set;
    metrics.counter("rowlock.issuer.keys.fetches", "outcome", "ok").increment();
    if (failing || before == null || !before.keys().keySet().equals(set.keys().keySet())) {
      log.info("The issuer's keys are {}", set.keys().keySet());
    }
    failing = false;
  }

  private void failed(String reason) {
    metrics.counter("rowlock.issuer.keys.fetches", "outcome", "failed").increment();
    if (!failing) {
      log.warn(
          "The issuer's keys cannot be fetched: {}. {}",
          reason,
          usable() == null
              ? "No token can be checked until they are there; trying again."
              : "The last good keys serve on.");
    }
    failing = true;
  }

  @Override
  public void close() {
    background.shutdownNow();
    endpoint.close();
  }
}
