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
 * Lets one request of a family in at a time, in the order they came, on this node. The server's own
 * lock holds in the cluster, but whoever does not get it tries again at random moments and gives up
 * after ten seconds with a server error: a burst of one client's tabs would fail at it.
 * Thread-safe; holds nothing of a family while nobody is in it.
 */
final class FamilyQueue {
  private final ConcurrentMap<String, Line> lines = new ConcurrentHashMap<>();
  private final Duration longestWait;
  private final LongSupplier clock;

  /**
   * An empty queue.
   *
   * @param longestWait for a turn
   * @param clock milliseconds since 1970
   */
  FamilyQueue(Duration longestWait, LongSupplier clock) {
    this.longestWait = longestWait;
    this.clock = clock;
  }

  /**
   * A turn of one request.
   *
   * @param busySince when the line began that this request has been a part of, in milliseconds
   * @param end lets the next one in; more than once does nothing
   */
  record Turn(long busySince, Runnable end) {}

  /** The people of one family: who has the turn, and who waits. */
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
   * Waits for the turn.
   *
   * @return the turn; empty if it did not come in time or the thread was interrupted
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

  /** Families with somebody in them. */
  int size() {
    return lines.size();
  }

  /** Who waits in a family. */
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
