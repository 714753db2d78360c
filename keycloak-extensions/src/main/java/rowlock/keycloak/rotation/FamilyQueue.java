/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Admits one request of a token family at a time, in the order of arrival, on this node. The
 * server's own lock is cluster-wide, but waiting requests retry at random intervals and fail after
 * ten seconds with a server error, so a burst of one client's tabs would fail. Thread-safe; keeps
 * no entry for a family without requests.
 */
final class FamilyQueue {
  private final ConcurrentMap<String, Line> lines = new ConcurrentHashMap<>();
  private final Duration longestWait;
  private final LongSupplier clock;

  /**
   * Creates an empty queue.
   *
   * @param longestWait maximum time to wait for admission
   * @param clock milliseconds since 1970
   */
  FamilyQueue(Duration longestWait, LongSupplier clock) {
    this.longestWait = longestWait;
    this.clock = clock;
  }

  /**
   * The admission of one request.
   *
   * @param busySince when the family's queue was last empty, in milliseconds
   * @param end admits the next request; idempotent
   */
  record Turn(long busySince, Runnable end) {}

  /** Requests for one token family: the running one and those waiting. */
  private static final class Line {
    final Semaphore turn = new Semaphore(1, true);
    final long since;
    // changed only inside compute, which is atomic for the key
    int people;

    Line(long since) {
      this.since = since;
    }
  }

  /**
   * Waits for admission.
   *
   * @return the admission; empty after a timeout or an interrupt
   */
  Optional<Turn> enter(String familyId) {
    var line =
        lines.compute(
            familyId,
            (id, present) -> {
              var joined = present == null ? new Line(clock.getAsLong()) : present;
              joined.people++;
              return joined;
            });
    if (!hasTurn(line)) {
      leave(familyId);
      return Optional.empty();
    }
    var ended = new AtomicBoolean();
    return Optional.of(
        new Turn(
            line.since,
            () -> {
              if (ended.compareAndSet(false, true)) {
                line.turn.release();
                leave(familyId);
              }
            }));
  }

  /** Returns the number of families with requests. */
  int size() {
    return lines.size();
  }

  /** Returns the number of waiting requests of a family. */
  int waiting(String familyId) {
    var line = lines.get(familyId);
    return line == null ? 0 : line.turn.getQueueLength();
  }

  private boolean hasTurn(Line line) {
    try {
      return line.turn.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void leave(String familyId) {
    lines.computeIfPresent(familyId, (id, line) -> --line.people == 0 ? null : line);
  }
}
