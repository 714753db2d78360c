/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.time.Duration;

/** A server that was started, in whatever way. */
public interface RunningServer {
  /** Whether it has not ended. */
  boolean isAlive();

  /** The number of its first process on this machine. */
  long pid();

  /** Asks it to end, and kills it if it has not ended in time. Nothing happens if it has ended. */
  void stop(Signal signal, Duration limit);

  /** SIGKILL for all its processes, and waits until they are gone. */
  void kill();

  /** How a server is asked to end. */
  enum Signal {
    /** SIGTERM. */
    TERMINATE,
    /** SIGINT, which PostgreSQL takes as "fast shutdown". */
    INTERRUPT
  }
}
