/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds TCP ports on this machine. */
public final class Ports {
  // Below the range that Linux and macOS use for outgoing connections. Such a connection could take
  // a port between its choice and its use.
  private static final int FIRST = 16_384;
  private static final int COUNT = 16_384;

  /**
   * Each process starts at another port, so that two do not choose the same one at the same time.
   */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /** Returns a port that no program listens on and that this process has not returned before. */
  public static int free() {
    for (var i = 0; i < COUNT; i++) {
      var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (!isTaken(port)) {
        return port;
      }
    }
    throw new StackFailure("No free TCP port on 127.0.0.1.");
  }

  /** Returns the given port, or a free one for 0. */
  public static int orFree(int port) {
    return port == 0 ? free() : port;
  }

  /**
   * Requires that the ports are free and all different.
   *
   * @throws StackFailure if not; the message names the variable
   */
  public static void requireFree(List<StackPort> ports) {
    var seen = new HashMap<Integer, StackPort>();
    for (var port : ports) {
      var other = seen.put(port.number(), port);
      if (other != null) {
        throw new StackFailure(
            "%s and %s are both %d: %s and %s need different ports."
                .formatted(
                    other.variable(),
                    port.variable(),
                    port.number(),
                    other.service(),
                    port.service()));
      }
      if (isTaken(port.number())) {
        throw new StackFailure(
            "Port %d for %s is taken by another program: stop that program, or set %s to a free port."
                .formatted(port.number(), port.service(), port.variable()));
      }
    }
  }

  private static boolean isTaken(int port) {
    try (var socket = new ServerSocket()) {
      // as the servers do: a closed connection in TIME_WAIT does not block the port
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
