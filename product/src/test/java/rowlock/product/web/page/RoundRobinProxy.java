/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * HTTP proxy of a browser that distributes requests for the public URL to several nodes in turn. It
 * skips a node that refuses connections. A request that has reached a node is not repeated.
 */
final class RoundRobinProxy implements AutoCloseable {
  // hop-by-hop headers, and those that the HTTP client and server set themselves
  private static final Set<String> SKIPPED =
      Set.of(
          "connection",
          "content-length",
          "date",
          "host",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "upgrade");

  private final String address;
  private final List<URI> nodes;
  private final HttpServer server;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicIntegerArray served;

  private RoundRobinProxy(String address, List<URI> nodes, HttpServer server) {
    this.address = address;
    this.nodes = nodes;
    this.server = server;
    this.served = new AtomicIntegerArray(nodes.size());
  }

  static RoundRobinProxy of(URI address, List<URI> nodes) {
    try {
      var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      var proxy = new RoundRobinProxy(address.toString(), List.copyOf(nodes), server);
      server.createContext("/", proxy::pass);
      server.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the address for the browser's proxy setting. */
  String proxy() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns the number of requests that this node has answered. */
  int servedBy(int node) {
    return served.get(node);
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var url = exchange.getRequestURI().toString();
      if (!url.startsWith(address + "/")) {
        answer(exchange, send(exchange, URI.create(url), body));
        return;
      }
      var first = turn.getAndIncrement();
      for (var i = 0; i < nodes.size(); i++) {
        var node = Math.floorMod(first + i, nodes.size());
        try {
          var there = URI.create(nodes.get(node) + url.substring(address.length()));
          answer(exchange, send(exchange, there, body));
          served.incrementAndGet(node);
          return;
        } catch (ConnectException e) {
          // try the next node
        }
      }
    }
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, URI there, byte[] body)
      throws IOException {
    var request =
        HttpRequest.newBuilder(there)
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!SKIPPED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
      throws IOException {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!SKIPPED.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    var body = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
