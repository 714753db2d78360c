/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Imitates a server such as Keycloak, whose few worker threads read the body of a request. It
 * counts the requests that reach it and echoes the length of their bodies. Its health check always
 * succeeds.
 */
final class BlockingServer implements AutoCloseable {
  private static final int WORKERS = 4;

  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final HttpServer server;
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();

  BlockingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.createContext("/", this::answer);
    server.createContext("/actuator", BlockingServer::healthy);
    server.createContext("/health", BlockingServer::healthy);
    server.start();
  }

  /** Returns its port, which also serves its health. */
  Haproxy.Place place() {
    var port = server.getAddress().getPort();
    return new Haproxy.Place(port, port);
  }

  /** Returns the number of requests for a path that have reached it, complete or not. */
  int requests(String path) {
    return requests.getOrDefault(path, 0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.merge(exchange.getRequestURI().getPath(), 1, Integer::sum);
    try (exchange) {
      var answer = Integer.toString(exchange.getRequestBody().readAllBytes().length).getBytes();
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static void healthy(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
