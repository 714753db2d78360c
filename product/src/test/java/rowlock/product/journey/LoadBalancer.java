/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Forwards connections at one {@link #address} to equal servers, as a load balancer. It checks
 * their health all the time and uses only those that are ready.
 */
final class LoadBalancer implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(2);

  /**
   * @param url the base URL
   * @param health answers 200 while the server accepts requests
   */
  record Node(URI url, URI health) {}

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CHECK_LIMIT)
          .build();
  private final List<Node> members = new CopyOnWriteArrayList<>();
  private final Set<Node> ready = ConcurrentHashMap.newKeySet();
  private final Map<Node, String> checks = new ConcurrentHashMap<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private final ServerSocket listener;
  private volatile boolean closed;
  private volatile boolean shut;

  LoadBalancer() {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::check);
    Thread.startVirtualThread(this::accept);
  }

  /** Returns the shared address. */
  URI address(String path) {
    return URI.create("http://localhost:" + listener.getLocalPort() + path);
  }

  void add(Node node) {
    members.add(node);
  }

  void remove(Node node) {
    members.remove(node);
    ready.remove(node);
    checks.remove(node);
  }

  /** Closes all connections at {@link #address}, and each new one, until {@link #open()}. */
  void shut() {
    shut = true;
    open.forEach(LoadBalancer::close);
  }

  void open() {
    shut = false;
  }

  boolean isReady(Node node) {
    return ready.contains(node);
  }

  /** Returns the members that are not ready, each with the result of its last health check. */
  List<String> notReady() {
    return members.stream()
        .filter(node -> !ready.contains(node))
        .map(node -> node.url() + ": " + checks.getOrDefault(node, "not checked yet"))
        .toList();
  }

  /** Marks a node that did not answer as not ready, until its health check succeeds. */
  void markUnavailable(Node node) {
    ready.remove(node);
  }

  /** Returns the ready nodes, starting with the next one each time. */
  List<Node> inTurn() {
    var able = members.stream().filter(ready::contains).toList();
    if (able.isEmpty()) {
      return able;
    }
    var first = Math.floorMod(turn.getAndIncrement(), able.size());
    return Stream.concat(able.subList(first, able.size()).stream(), able.subList(0, first).stream())
        .toList();
  }

  private void check() {
    while (!closed) {
      for (var node : members) {
        var health = health(node);
        checks.put(node, health);
        if (health.startsWith("200 ") && members.contains(node)) {
          ready.add(node);
        } else {
          ready.remove(node);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Returns status and body of the health check, or the exception. */
  private String health(Node node) {
    var request = HttpRequest.newBuilder(node.health()).timeout(CHECK_LIMIT).build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private void accept() {
    try {
      while (true) {
        var from = listener.accept();
        Thread.startVirtualThread(() -> connect(from));
      }
    } catch (IOException e) {
      // the test has ended
    }
  }

  private void connect(Socket from) {
    for (var node : shut ? List.<Node>of() : inTurn()) {
      try {
        var to = new Socket(InetAddress.getLoopbackAddress(), node.url().getPort());
        open.add(from);
        open.add(to);
        Thread.startVirtualThread(() -> copy(from, to));
        Thread.startVirtualThread(() -> copy(to, from));
        return;
      } catch (IOException e) {
        markUnavailable(node);
      }
    }
    close(from);
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one side has closed the connection
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(LoadBalancer::close);
    http.close();
  }
}
