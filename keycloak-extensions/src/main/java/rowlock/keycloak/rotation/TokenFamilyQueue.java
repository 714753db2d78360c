/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Admits one request of a token family at a time, in the order of arrival, on this node. The
 * server's own lock is cluster-wide, but waiting requests retry at random intervals and fail after
 * ten seconds with a server error, so a burst of one client's tabs would fail. Thread-safe; keeps
 * no entry for a family without requests.
 */
final class TokenFamilyQueue {
  private final ConcurrentMap<String, Queue> queues = new ConcurrentHashMap<>();
  private final Duration maxWait;
  private final LongSupplier clock;

  /**
   * Creates an empty queue.
   *
   * @param maxWait maximum time to wait for admission
   * @param clock milliseconds since 1970
   */
  TokenFamilyQueue(Duration maxWait, LongSupplier clock) {
    this.maxWait = maxWait;
    this.clock = clock;
  }

  /**
   * The admission of one request.
   *
   * @param busySince when the family's queue was last empty, in milliseconds
   * @param end admits the next request; idempotent
   */
  record Admission(long busySince, Runnable end) {}

  /** Requests for one token family: the running one and those waiting. */
  private static final class Queue {
    final Semaphore permit = new Semaphore(1, true);
    final long since;
    // changed only inside compute, which is atomic for the key
    int requests;

    Queue(long since) {
      this.since = since;
    }
  }

  /**
   * Waits for admission.
   *
   * @return the admission, or null after a timeout or an interrupt
   */
  @Nullable Admission enter(String familyId) {
    var queue =
        queues.compute(
            familyId,
            (id, present) -> {
              var joinedQueue = present == null ? new Queue(clock.getAsLong()) : present;
              joinedQueue.requests++;
              return joinedQueue;
            });
    if (!acquire(queue)) {
      leave(familyId);
      return null;
    }
    var ended = new AtomicBoolean();
    return new Admission(
        queue.since,
        () -> {
          if (ended.compareAndSet(false, true)) {
            queue.permit.release();
            leave(familyId);
          }
        });
  }

  /** Returns the number of families with requests. */
  int size() {
    return queues.size();
  }

  /** Returns the number of waiting requests of a family. */
  int waiting(String familyId) {
    var queue = queues.get(familyId);
    return queue == null ? 0 : queue.permit.getQueueLength();
  }

  private boolean acquire(Queue queue) {
    try {
      return queue.permit.tryAcquire(maxWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void leave(String familyId) {
    queues.computeIfPresent(familyId, (id, queue) -> --queue.requests == 0 ? null : queue);
  }
}
