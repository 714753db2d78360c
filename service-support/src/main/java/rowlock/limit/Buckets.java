/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * Token buckets by key, all of the same size, initially full and refilled evenly within a period. A
 * key that took nothing for a period is dropped, because its bucket is full again. Thread-safe.
 *
 * <p>The number of keys is bounded. To evict an exhausted key early, an attacker has to present as
 * many other keys, each of which takes one: far more than the eviction gains.
 *
 * @param <K> what has a bucket of its own
 */
public final class Buckets<K> {
  private final int capacity;
  private final Duration period;
  private final TimeMeter time;
  private final Cache<K, Bucket> buckets;

  /**
   * Creates buckets without any key.
   *
   * @param capacity how much a key may take at once, and within a period
   * @param period how long an empty bucket takes to fill
   * @param maxKeys how many keys are remembered
   * @param ticker nanoseconds that only ever grow; a wall clock that is set back would lock out
   */
  public Buckets(int capacity, Duration period, int maxKeys, Ticker ticker) {
    this.capacity = capacity;
    this.period = period;
    this.time = new Nanoseconds(ticker);
    this.buckets =
        Caffeine.newBuilder().maximumSize(maxKeys).expireAfterAccess(period).ticker(ticker).build();
  }

  /** Takes one; returns false, and takes nothing, when the bucket is empty. */
  public boolean take(K key) {
    return buckets.get(key, unknown -> full()).tryConsume(1);
  }

  /** Returns how long until one can be taken; zero: now. An unknown key gets no bucket. */
  public Duration untilNext(K key) {
    var bucket = buckets.getIfPresent(key);
    return bucket == null
        ? Duration.ZERO
        : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, period))
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
