/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Replaces task-api: records requests and sends the configured response. */
final class RecordingApi implements AutoCloseable {
  /**
   * A recorded request.
   *
   * @param target path and query as sent
   */
  record Call(String method, String target, Map<String, List<String>> headers, byte[] body) {}

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile ThrowingConsumer<HttpExchange> response = RecordingApi::ok;

  RecordingApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  void respondWith(ThrowingConsumer<HttpExchange> next) {
    response = next;
  }

  Call last() {
    return calls.getLast();
  }

  int count() {
    return calls.size();
  }

  static void ok(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    var body = "{}".getBytes();
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(exchange.getRequestHeaders());
    calls.add(
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            headers,
            exchange.getRequestBody().readAllBytes()));
    try (exchange) {
      response.accept(exchange);
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
