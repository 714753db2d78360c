/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Forwards TCP connections to a server until a test interrupts them. */
final class TcpProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  TcpProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  URI url(String path) {
    return URI.create("http://localhost:" + listener.getLocalPort() + path);
  }

  /** Closes all connections, and each new one, until {@link #restore()}. */
  void cut() {
    cut = true;
    open.forEach(TcpProxy::close);
  }

  void restore() {
    cut = false;
  }

  private void accept() {
    try {
      while (true) {
        var from = listener.accept();
        if (cut) {
          from.close();
          continue;
        }
        var to = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(from);
        open.add(to);
        Thread.startVirtualThread(() -> copy(from, to));
        Thread.startVirtualThread(() -> copy(to, from));
      }
    } catch (IOException e) {
      // the test has ended
    }
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
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(TcpProxy::close);
  }
}
