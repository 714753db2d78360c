/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Gives the connections of a pool to requests in the order of their arrival. The pool alone gives a
 * returned connection to the request that asks next, although others wait. Under load, some
 * requests would wait for many times as long as others.
 */
final class ConnectionQueue {
  /** Maximum wait of a request for its turn. After it, the request is answered 503. */
  static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final DataSource pool;
  private final Timer waits;
  private final Semaphore free;
  private final Duration maxWait;

  /**
   * @param connections the number of connections of the pool
   * @param maxWait maximum wait of a request for its turn
   * @param meters gets the metrics {@code rowlock.connections.waiting}, the length of the queue,
   *     and {@code rowlock.connections.wait}, the time in it
   */
  ConnectionQueue(
      DataSource pool, String name, int connections, Duration maxWait, MeterRegistry meters) {
    this.pool = pool;
    this.maxWait = maxWait;
    this.free = new Semaphore(connections, true);
    this.waits =
        Timer.builder("rowlock.connections.wait")
            .description("Time that a request waits for its turn to use a connection")
            .tag("pool", name)
            .register(meters);
    Gauge.builder("rowlock.connections.waiting", free, Semaphore::getQueueLength)
        .description("Requests that wait for their turn to use a connection")
        .tag("pool", name)
        .register(meters);
  }

  /**
   * Returns a connection. After closing it, call {@link #release} once.
   *
   * @throws SQLTransientConnectionException if none becomes free in time
   */
  Connection take() throws SQLException {
    var start = System.nanoTime();
    try {
      if (!free.tryAcquire(maxWait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SQLTransientConnectionException(
            "No connection within " + maxWait.toMillis() + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("Interrupted while waiting for a connection", e);
    } finally {
      waits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
    try {
      return pool.getConnection();
    } catch (SQLException | RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  /** Gives the connection to the next request. */
  void release() {
    free.release();
  }
}
