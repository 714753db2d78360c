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
import java.net.http.HttpResponse;
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
 * Servers that do the same, as a proxy in front of them sees them: which of them say that they are
 * ready, asked all the time. Whoever connects to the {@link #address} is connected to one of those.
 */
final class Nodes implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_CHECK = Duration.ofSeconds(2);

  /**
   * @param url the base URL
   * @param health answers 200 while the server wants requests
   */
  record Node(URI url, URI health) {}

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(LONGEST_CHECK)
          .build();
  private final List<Node> members = new CopyOnWriteArrayList<>();
  private final Set<Node> ready = ConcurrentHashMap.newKeySet();
  private final Map<Node, String> checks = new ConcurrentHashMap<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private final ServerSocket door;
  private volatile boolean closed;
  private volatile boolean shut;

  Nodes() {
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::check);
    Thread.startVirtualThread(this::accept);
  }

  /** The address of all. */
  URI address(String path) {
    return URI.create("http://localhost:" + door.getLocalPort() + path);
  }

  void add(Node node) {
    members.add(node);
  }

  void remove(Node node) {
    members.remove(node);
    ready.remove(node);
    checks.remove(node);
  }

  /** Nobody gets through at {@link #address}. */
  void shut() {
    shut = true;
    open.forEach(Nodes::close);
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

  /** A node did not answer: nobody is sent there until its health says so. */
  void isAway(Node node) {
    ready.remove(node);
  }

  /** Those that are ready, another one first each time. */
  List<Node> inTurn() {
    List<Node> able = members.stream().filter(ready::contains).toList();
    if (able.isEmpty()) {
      return able;
    }
    int first = Math.floorMod(turn.getAndIncrement(), able.size());
    return Stream.concat(able.subList(first, able.size()).stream(), able.subList(0, first).stream())
        .toList();
  }

  private void check() {
    while (!closed) {
      for (Node node : members) {
        String health = health(node);
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

  /** Returns status and body of the health check, or why there is none. */
  private String health(Node node) {
    HttpRequest request = HttpRequest.newBuilder(node.health()).timeout(LONGEST_CHECK).build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
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
        Socket from = door.accept();
        Thread.startVirtualThread(() -> connect(from));
      }
    } catch (IOException noLongerOpen) {
      // the test is over
    }
  }

  private void connect(Socket from) {
    for (Node node : shut ? List.<Node>of() : inTurn()) {
      try {
        Socket to = new Socket(InetAddress.getLoopbackAddress(), node.url().getPort());
        open.add(from);
        open.add(to);
        Thread.startVirtualThread(() -> copy(from, to));
        Thread.startVirtualThread(() -> copy(to, from));
        return;
      } catch (IOException refused) {
        isAway(node);
      }
    }
    close(from);
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException hungUp) {
      // one side has hung up, and with it the other
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
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(Nodes::close);
    http.close();
  }
}
