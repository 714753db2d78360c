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
 * The issuer's keys, fetched in the background and never by a request. The last good set remains in
 * use while the issuer is unavailable. Unknown key ids cause no more than one extra fetch per
 * {@link Timing#extra}.
 */
final class IssuerKeys implements AutoCloseable {
  /**
   * @param refresh time between two regular fetches
   * @param extra minimum time between two fetches that unknown key ids cause
   * @param keep maximum age of a set
   * @param patience time for which a request with an unknown key id waits for an extra fetch
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
   * Maximum number of requests that wait for one extra fetch. Unknown key ids come from
   * unauthenticated requests, and each that waits holds a connection.
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

  /** Starts fetching in the background, and returns at once. */
  void start() {
    background.execute(this::refreshAgainAndAgain);
  }

  /** Returns the key with this id, or the reason why there is none. */
  Verdict<IssuerKey> find(String kid) {
    var set = usable();
    if (set == null) {
      return new Verdict.Refused<>(Refusal.NO_KEYS, kid, null);
    }
    var key = set.find(kid);
    if (key == null) {
      awaitExtraRefresh();
      var newer = usable();
      key = newer == null ? null : newer.find(kid);
    }
    return key == null
        ? new Verdict.Refused<>(Refusal.UNKNOWN_KEY, kid, null)
        : new Verdict.Accepted<>(key);
  }

  /** Returns whether exactly this key is still a key of the issuer. */
  boolean contains(IssuerKey key) {
    var set = usable();
    IssuerKey now = set == null ? null : set.find(key.kid());
    return now != null && now.isSameAs(key);
  }

  /** Returns the set in use; null if none was fetched, or the last one is too old or has no key. */
  @Nullable KeySet usable() {
    var set = current;
    return set == null
            || set.keys().isEmpty()
            || clock.instant().isAfter(set.fetchedAt().plus(timing.keep))
        ? null
        : set;
  }

  /** Returns the wait for clients while there are no keys. */
  static Duration retryAfter() {
    return Duration.ofSeconds(5);
  }

  /**
   * Waits briefly for a running extra fetch, so that tokens of a new key do not fail. Fetches
   * nothing itself, and returns at once if enough requests are waiting.
   */
  private void awaitExtraRefresh() {
    CompletableFuture<?> underWay = extraRefresh();
    if (underWay.isDone() || !waiting.tryAcquire()) {
      return;
    }
    try {
      underWay.get(timing.patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.debug("Extra fetch of the issuer's keys is slow");
    } catch (ExecutionException e) {
      log.debug("Extra fetch of the issuer's keys failed"); // the fetch has logged the cause
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.release();
    }
  }

  /** Returns the latest extra fetch, and starts one if it is due. */
  private CompletableFuture<?> extraRefresh() {
    extraLock.lock();
    try {
      var now = clock.instant();
      if (extra.isDone() && !now.isBefore(nextExtra)) {
        nextExtra = now.plus(timing.extra);
        extra = CompletableFuture.runAsync(this::refresh, background);
      }
      return extra;
    } finally {
      extraLock.unlock();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it logs its own failures
  private void refreshAgainAndAgain() {
    var pause = timing.refresh; // also after an unexpected failure of either call
    try {
      try {
        refresh();
      } finally {
        pause = pause();
      }
    } finally {
      if (!background.isShutdown()) {
        background.schedule(this::refreshAgainAndAgain, pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Returns the regular interval; without keys a short one that grows. */
  private Duration pause() {
    if (usable() != null) {
      retry = FIRST_RETRY;
      return timing.refresh;
    }
    var pause = retry.compareTo(timing.refresh) < 0 ? retry : timing.refresh;
    var doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    return pause;
  }

  private void refresh() {
    try {
      var document = endpoint.keySet();
      var set = KeySet.read(document, settings.algorithms(), clock.instant());
      if (set == null) {
        failed("the response is not a key set");
      } else if (set.keys().isEmpty()) {
        current = set; // the issuer has withdrawn the previous keys
        failed("no key is usable; see ROWLOCK_TOKEN_ALGORITHMS");
      } else {
        succeeded(set);
      }
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("Fetch of the issuer's keys failed unexpectedly", e);
      throw e;
    }
  }

  private void succeeded(KeySet set) {
    var before = current;
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
          "Fetch of the issuer's keys failed: {}. {}",
          reason,
          usable() == null
              ? "No token can be verified until they are available; retrying."
              : "The last good keys remain in use.");
    }
    failing = true;
  }

  @Override
  public void close() {
    background.shutdownNow();
    endpoint.close();
  }
}
