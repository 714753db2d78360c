/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * One token bucket for each key, all of the same size, full at first and refilled evenly within a
 * minute. Of keys that took nothing for a minute nothing is kept: their buckets are full again.
 *
 * <p>The number of keys is bounded. To have an exhausted one forgotten before its time, somebody
 * has to bring as many other keys, each of which takes one: far more than the forgotten one gives
 * back.
 *
 * @param <K> what has a bucket of its own
 */
final class Buckets<K> {

  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final int perMinute;
  private final TimeMeter time;
  private final Cache<K, Bucket> buckets;

  /**
   * @param perMinute how much a key may take at once, and within a minute
   * @param maxKeys how many keys are remembered
   * @param ticker nanoseconds that only ever grow; a wall clock that is set back would lock out
   */
  Buckets(int perMinute, int maxKeys, Ticker ticker) {
    this.perMinute = perMinute;
    this.time = new Nanoseconds(ticker);
    this.buckets =
        Caffeine.newBuilder().maximumSize(maxKeys).expireAfterAccess(PERIOD).ticker(ticker).build();
  }

  /** Takes one. False: nothing is left, and nothing was taken. */
  boolean take(K key) {
    return buckets.get(key, unknown -> full()).tryConsume(1);
  }

  /** How long until one can be taken; zero: now. Does not make a bucket for an unknown key. */
  Duration untilNext(K key) {
    Bucket bucket = buckets.getIfPresent(key);
    return bucket == null
        ? Duration.ZERO
        : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, PERIOD))
        .withCustomTimePrecision(time)
        .build();
  }

  private record Nanoseconds(Ticker ticker) implements TimeMeter {

    @Override
    public long currentTimeNanos() {
      return ticker.read();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
