/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rowlock.limit.Buckets;
import rowlock.limit.ClientBlock;

/**
 * Caches the issuer's keys. They are fetched on first use and then every five minutes. If the
 * issuer is unavailable, the last valid set is used for up to a day. Thread-safe.
 *
 * <p>A token with an unknown key id may be signed with a new key or may be forged. ID tokens come
 * from the issuer itself, so an unknown key id causes a fetch at once, within a limit. Anyone can
 * send a logout token: within thirty seconds a key id causes one fetch, a sender {@value
 * #FETCHES_PER_SENDER} and all senders together {@value #FETCHES}. Forged key ids therefore do not
 * prevent that a new key of the issuer is fetched.
 */
@Component
final class IssuerKeys implements JWKSource<SecurityContext> {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration OUTAGE = Duration.ofHours(24);

  /** Pause between a failed fetch and the next one. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final int FETCHES = 6;
  private static final int FETCHES_PER_SENDER = 2;
  private static final int MAX_REMEMBERED = 1_000;

  /** Maximum number of requests that wait for a running fetch, because anyone can cause one. */
  private static final int MAX_WAITING = 100;

  private final Issuer issuer;
  private final IssuerHttp http;
  private final Ticker ticker;
  private final ReentrantLock fetching = new ReentrantLock();
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final Buckets<String> unknownKeys;
  private final Buckets<ClientBlock> senders;
  private final Buckets<IssuerKeys> logoutTokens;
  private final Buckets<IssuerKeys> idTokens;

  private volatile @Nullable Fetched current;
  private volatile @Nullable Failed lastFailure;

  private record Fetched(JWKSet keys, long at) {}

  private record Failed(IssuerUnavailableException reason, long at) {}

  IssuerKeys(Issuer issuer, IssuerHttp http, Ticker ticker) {
    this.issuer = issuer;
    this.http = http;
    this.ticker = ticker;
    this.unknownKeys = new Buckets<>(1, PERIOD, MAX_REMEMBERED, ticker);
    this.senders = new Buckets<>(FETCHES_PER_SENDER, PERIOD, MAX_REMEMBERED, ticker);
    this.logoutTokens = new Buckets<>(FETCHES, PERIOD, 1, ticker);
    this.idTokens = new Buckets<>(FETCHES, PERIOD, 1, ticker);
  }

  /** Selects keys for a token that was received from the issuer directly. */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws RemoteKeySourceException {
    try {
      var set = recent();
      var found = selector.select(set.keys());
      return found.isEmpty() && idTokens.take(this) ? selector.select(newer(set).keys()) : found;
    } catch (IssuerUnavailableException e) {
      throw new RemoteKeySourceException("Issuer keys cannot be read", e);
    }
  }

  /** Selects cached keys, for a token that anyone may have sent. */
  List<JWK> known(JWKSelector selector) throws RemoteKeySourceException {
    try {
      return selector.select(recent().keys());
    } catch (IssuerUnavailableException e) {
      throw new RemoteKeySourceException("Issuer keys cannot be read", e);
    }
  }

  /**
   * Returns whether the cached set contains a key with this id; an unknown id causes no fetch.
   *
   * @throws IssuerUnavailableException if no valid set is cached and none can be read
   */
  boolean knows(String kid) {
    return recent().keys().getKeyByKeyId(kid) != null;
  }

  /**
   * Returns whether the issuer has a key with this id, named by a logout token. An unknown id
   * causes a fetch within the limits.
   *
   * @param sender address block of the token's sender
   * @throws IssuerUnavailableException if no valid set is cached and none can be read
   */
  boolean knows(String kid, ClientBlock sender) {
    var set = recent();
    if (set.keys().getKeyByKeyId(kid) != null) {
      return true;
    }
    if (mayFetch(kid, sender)) {
      return newer(set).keys().getKeyByKeyId(kid) != null;
    }
    var now = afterFetch();
    return now != null && now.keys().getKeyByKeyId(kid) != null;
  }

  private synchronized boolean mayFetch(String kid, ClientBlock sender) {
    // a request that one limit rejects must not count against the others
    return unknownKeys.untilNext(kid).isZero()
        && senders.untilNext(sender).isZero()
        && logoutTokens.untilNext(this).isZero()
        && unknownKeys.take(kid)
        && senders.take(sender)
        && logoutTokens.take(this);
  }

  /** Returns the newest set; waits for a running fetch unless too many requests do. */
  private @Nullable Fetched afterFetch() {
    if (!fetching.isLocked() || !waiting.tryAcquire()) {
      return current;
    }
    fetching.lock();
    try {
      return current;
    } finally {
      fetching.unlock();
      waiting.release();
    }
  }

  private Fetched recent() {
    var cached = current;
    if (cached != null && age(cached.at()).compareTo(LIFE) < 0) {
      return cached;
    }
    if (cached != null && fetching.isLocked()) {
      return usable(cached, null);
    }
    try {
      return newer(cached);
    } catch (IssuerUnavailableException e) {
      return usable(cached, e);
    }
  }

  private Fetched usable(@Nullable Fetched cached, @Nullable IssuerUnavailableException reason) {
    if (cached != null && age(cached.at()).compareTo(OUTAGE) < 0) {
      return cached;
    }
    throw reason == null ? new IssuerUnavailableException("Issuer keys are too old") : reason;
  }

  /** Returns a set that was fetched after the given one; concurrent callers share one fetch. */
  private Fetched newer(@Nullable Fetched seen) {
    fetching.lock();
    try {
      var cached = current;
      if (cached != null && cached != seen) {
        return cached;
      }
      var failure = lastFailure;
      if (failure != null && age(failure.at()).compareTo(PAUSE) < 0) {
        throw failure.reason();
      }
      var fetched = fetch();
      current = fetched;
      return fetched;
    } finally {
      fetching.unlock();
    }
  }

  private Fetched fetch() {
    try {
      var keys = JWKSet.parse(http.keySet(issuer.metadata().keys()));
      return new Fetched(keys, ticker.read());
    } catch (ParseException e) {
      throw failed(new IssuerUnavailableException("Issuer returned an invalid key set", e));
    } catch (IssuerUnavailableException e) {
      throw failed(e);
    }
  }

  private IssuerUnavailableException failed(IssuerUnavailableException reason) {
    lastFailure = new Failed(reason, ticker.read());
    return reason;
  }

  private Duration age(long since) {
    return Duration.ofNanos(ticker.read() - since);
  }
}
