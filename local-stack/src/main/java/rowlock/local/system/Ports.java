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

/** TCP ports on this machine. */
public final class Ports {
  // Below the ports that Linux and macOS use for outgoing connections: such a connection could
  // take a port between its choice and its use.
  private static final int FIRST = 16_384;
  private static final int COUNT = 16_384;

  /** Each process begins elsewhere, so that two do not choose the same port at the same time. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /** Returns a port that nothing listens on, and that this process has not returned before. */
  public static int free() {
    for (var i = 0; i < COUNT; i++) {
      var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (!isTaken(port)) {
        return port;
      }
    }
    throw new StackFailure("No free TCP port on 127.0.0.1.");
  }

  /** A given port, or a free one for 0. */
  public static int orFree(int port) {
    return port == 0 ? free() : port;
  }

  /** Fails with the name of the variable if one of these is taken, or if two are the same. */
  public static void requireFree(List<StackPort> ports) {
    var seen = new HashMap<Integer, StackPort>();
    for (var port : ports) {
      var other = seen.put(port.number(), port);
      if (other != null) {
        throw new StackFailure(
            "%s and %s are both %d: %s and %s need a port each."
                .formatted(
                    other.variable(),
                    port.variable(),
                    port.number(),
                    other.service(),
                    port.service()));
      }
      if (isTaken(port.number())) {
        throw new StackFailure(
            "Port %d for %s is taken by another program: stop that one, or set %s to a free port."
                .formatted(port.number(), port.service(), port.variable()));
      }
    }
  }

  private static boolean isTaken(int port) {
    try (var socket = new ServerSocket()) {
      // as the servers do it: a connection that is still winding down does not count
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
