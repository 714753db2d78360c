/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;
import rowlock.api.owner.Owner;

class ConnectionQueueTest {
  private static final int WAITING = 20;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordingDriver driver = new RecordingDriver();
  private boolean down;
  private final ConnectionQueue queue = queue(Duration.ofMillis(50));

  private final class Pool extends AbstractDataSource {
    @Override
    public Connection getConnection() throws SQLException {
      if (down) {
        throw new SQLException("down");
      }
      return driver.connection();
    }

    @Override
    public Connection getConnection(String user, String password) {
      throw new UnsupportedOperationException();
    }
  }

  private ConnectionQueue queue(Duration maxWait) {
    return new ConnectionQueue(new Pool(), "pool", 1, maxWait, new SimpleMeterRegistry());
  }

  private double waiting() {
    return meters.get("rowlock.connections.waiting").tag("pool", "pool").gauge().value();
  }

  @Test
  void requests_getConnectionsInTheOrderOfTheirArrival() throws Exception {
    var queue = new ConnectionQueue(new Pool(), "pool", 1, Duration.ofMinutes(1), meters);
    queue.take();
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> requests = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < WAITING; i++) {
        var number = i;
        requests.add(
            threads.submit(
                () -> {
                  queue.take();
                  served.add(number);
                  queue.release();
                  return null;
                }));
        await().until(() -> waiting() == number + 1);
      }

      queue.release();
      for (var request : requests) {
        request.get();
      }
    }

    assertThat(served).isEqualTo(IntStream.range(0, WAITING).boxed().toList());
    assertThat(waiting()).isZero();
    assertThat(meters.get("rowlock.connections.wait").timer().count()).isEqualTo(WAITING + 1);
  }

  @Test
  void noConnectionBecomesFree_requestEndsAndTheNextIsServed() throws SQLException {
    queue.take();
    assertThatThrownBy(queue::take).isInstanceOf(SQLTransientConnectionException.class);

    queue.release();
    assertThat(queue.take()).isNotNull();
  }

  @Test
  void interruptedRequest_endsAndStaysInterrupted() throws SQLException {
    queue.take();
    Thread.currentThread().interrupt();
    assertThatThrownBy(queue::take).isInstanceOf(SQLTransientConnectionException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void failingPool_losesNoTurn() throws SQLException {
    down = true;
    for (var i = 0; i < 2; i++) {
      assertThatThrownBy(queue::take).hasMessage("down");
    }
    down = false;
    assertThat(queue.take()).isNotNull();
  }

  @Test
  void connectionClosedTwice_freesOneTurn() throws SQLException {
    var owner = new Owner(UUID.randomUUID(), "session", "client", Instant.EPOCH);
    var connection = OwnerScopedConnection.around(queue.take(), owner, queue::release);
    connection.close();
    connection.close();

    assertThat(queue.take()).isNotNull();
    assertThatThrownBy(queue::take).isInstanceOf(SQLTransientConnectionException.class);
  }
}
