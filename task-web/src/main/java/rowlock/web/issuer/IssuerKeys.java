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
 * The issuer's keys. They are fetched with their first use and then every five minutes; the last
 * good set is used for a day while the issuer is unavailable. Thread-safe.
 *
 * <p>A token with an unknown key id may need a newer set, and may be forged as well. ID tokens come
 * from the issuer itself, so theirs are fetched at once, within a limit. Anyone can send a logout
 * token: for those, one key id causes one fetch in thirty seconds, one sender {@value
 * #FETCHES_PER_SENDER} and all together {@value #FETCHES}, so that a forged key id does not keep
 * the issuer's new one from being fetched.
 */
@Component
final class IssuerKeys implements JWKSource<SecurityContext> {

  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration OUTAGE = Duration.ofHours(24);

  /** How long the issuer is not asked again after it could not be reached. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final int FETCHES = 6;
  private static final int FETCHES_PER_SENDER = 2;
  private static final int MAX_REMEMBERED = 1_000;

  /** Requests that may wait for a fetch under way; anyone can cause one. */
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

  /** Selects keys for a token that the issuer itself has sent. */
  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws RemoteKeySourceException {
    try {
      Fetched set = recent();
      List<JWK> found = selector.select(set.keys());
      return found.isEmpty() && idTokens.take(this) ? selector.select(newer(set).keys()) : found;
    } catch (IssuerUnavailableException unavailable) {
      throw new RemoteKeySourceException("The issuer's keys cannot be read", unavailable);
    }
  }

  /** Selects known keys, for a token that anyone may have sent. */
  List<JWK> known(JWKSelector selector) throws RemoteKeySourceException {
    try {
      return selector.select(recent().keys());
    } catch (IssuerUnavailableException unavailable) {
      throw new RemoteKeySourceException("The issuer's keys cannot be read", unavailable);
    }
  }

  /**
   * Returns whether the issuer has a key of this id, without asking the issuer for an unknown one.
   *
   * @throws IssuerUnavailableException when no keys are known and none can be read
   */
  boolean knows(String kid) {
    return recent().keys().getKeyByKeyId(kid) != null;
  }

  /**
   * Returns whether the issuer has a key of this id, which a logout token names.
   *
   * @param sender who has sent the token
   * @throws IssuerUnavailableException when no keys are known and none can be read
   */
  boolean knows(String kid, ClientBlock sender) {
    Fetched set = recent();
    if (set.keys().getKeyByKeyId(kid) != null) {
      return true;
    }
    if (mayFetch(kid, sender)) {
      return newer(set).keys().getKeyByKeyId(kid) != null;
    }
    Fetched now = afterFetch();
    return now != null && now.keys().getKeyByKeyId(kid) != null;
  }

  private synchronized boolean mayFetch(String kid, ClientBlock sender) {
    // what is refused by one limit must not use up the others
    return unknownKeys.untilNext(kid).isZero()
        && senders.untilNext(sender).isZero()
        && logoutTokens.untilNext(this).isZero()
        && unknownKeys.take(kid)
        && senders.take(sender)
        && logoutTokens.take(this);
  }

  /** Returns the newest set, after the fetch under way unless too many requests wait for it. */
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
    Fetched there = current;
    if (there != null && age(there.at()).compareTo(LIFE) < 0) {
      return there;
    }
    if (there != null && fetching.isLocked()) {
      return usable(there, null);
    }
    try {
      return newer(there);
    } catch (IssuerUnavailableException unavailable) {
      return usable(there, unavailable);
    }
  }

  private Fetched usable(@Nullable Fetched there, @Nullable IssuerUnavailableException reason) {
    if (there != null && age(there.at()).compareTo(OUTAGE) < 0) {
      return there;
    }
    throw reason == null ? new IssuerUnavailableException("The issuer's keys are too old") : reason;
  }

  /** Returns a set that was fetched after this one; many callers share one fetch. */
  private Fetched newer(@Nullable Fetched seen) {
    fetching.lock();
    try {
      Fetched there = current;
      if (there != null && there != seen) {
        return there;
      }
      Failed failure = lastFailure;
      if (failure != null && age(failure.at()).compareTo(PAUSE) < 0) {
        throw failure.reason();
      }
      Fetched fetched = fetch();
      current = fetched;
      return fetched;
    } finally {
      fetching.unlock();
    }
  }

  private Fetched fetch() {
    try {
      JWKSet keys = JWKSet.parse(http.keySet(issuer.metadata().keys()));
      return new Fetched(keys, ticker.read());
    } catch (ParseException malformed) {
      throw failed(new IssuerUnavailableException("The issuer's answer is no key set", malformed));
    } catch (IssuerUnavailableException unavailable) {
      throw failed(unavailable);
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
