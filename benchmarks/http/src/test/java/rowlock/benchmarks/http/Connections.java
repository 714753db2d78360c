/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * A fixed number of connections, each of which sends one request after the other.
 *
 * @param count number of connections
 */
record Connections(int count) {

  /** Sends the n-th request of all connections and checks its response. */
  @FunctionalInterface
  interface Request {
    void send(CloseableHttpClient client, int n) throws IOException;
  }

  /**
   * Sends requests for a time, and returns the duration of each in nanoseconds.
   *
   * @throws IllegalStateException if a request fails
   */
  List<Long> send(Duration duration, Request request) throws InterruptedException {
    var end = System.nanoTime() + duration.toNanos();
    var next = new AtomicInteger();
    List<Long> latencies = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(count)) {
      List<Future<List<Long>>> connections = new ArrayList<>();
      for (var i = 0; i < count; i++) {
        connections.add(
            threads.submit(
                () -> {
                  List<Long> own = new ArrayList<>();
                  try (var client = client()) {
                    do {
                      var start = System.nanoTime();
                      request.send(client, next.getAndIncrement());
                      own.add(System.nanoTime() - start);
                    } while (System.nanoTime() < end);
                  }
                  return own;
                }));
      }
      for (var connection : connections) {
        latencies.addAll(connection.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return latencies;
  }

  /** Returns a client with one connection, which does nothing but HTTP. */
  private static CloseableHttpClient client() {
    return HttpClients.createMinimal(new BasicHttpClientConnectionManager());
  }

  /** Sends a request, reads the whole response and returns its status. */
  static int status(CloseableHttpClient client, ClassicHttpRequest request) throws IOException {
    return client.execute(
        request,
        response -> {
          EntityUtils.consume(response.getEntity());
          return response.getCode();
        });
  }
}
