/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Forwards connections to PostgreSQL and counts round trips. Thread-safe. */
public final class CountingProxy implements Closeable {
  private final ServerSocket listener;
  private final int port;
  private final AtomicLong roundTrips = new AtomicLong();

  /**
   * Starts the proxy on a free port of the loopback interface.
   *
   * @param serverPort the port of the server
   */
  public CountingProxy(int serverPort) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    port = serverPort;
    Thread.startVirtualThread(this::accept);
  }

  /** Returns the port of the proxy. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns the number of round trips of all connections so far. */
  public long roundTrips() {
    return roundTrips.get();
  }

  private void accept() {
    try {
      while (true) {
        var driver = listener.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), port);
        driver.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        var turn = new Turn();
        Thread.startVirtualThread(() -> copy(driver, server, turn, true));
        Thread.startVirtualThread(() -> copy(server, driver, turn, false));
      }
    } catch (IOException e) {
      // the proxy was closed
    }
  }

  /** The direction of the last data on one connection. */
  private static final class Turn {
    private boolean driverSpoke;
  }

  private void copy(Socket from, Socket to, Turn turn, boolean fromDriver) {
    try (from;
        to) {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      var buffer = new byte[64 * 1024];
      for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        synchronized (turn) {
          if (fromDriver && !turn.driverSpoke) {
            roundTrips.incrementAndGet();
          }
          turn.driverSpoke = fromDriver;
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // one side has closed the connection, and so is the other
    }
  }

  /** Accepts no more connections. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
