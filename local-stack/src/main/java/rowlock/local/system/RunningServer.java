/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.time.Duration;

/** Represents a server that was started, as a process or as a container. */
public interface RunningServer {
  /** Returns whether it has not ended. */
  boolean isAlive();

  /** Returns the id of its first process on this machine. */
  long pid();

  /** Asks the server to end, and kills it after the limit. Does nothing if it has ended. */
  void stop(Signal signal, Duration limit);

  /** Kills all its processes (SIGKILL) and waits until they have ended. */
  void kill();

  /** Names the signal that asks a server to end. */
  enum Signal {
    /** SIGTERM. */
    TERMINATE,
    /** SIGINT, PostgreSQL's "fast shutdown". */
    INTERRUPT
  }
}
