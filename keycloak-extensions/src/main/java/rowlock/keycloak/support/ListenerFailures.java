/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import org.jboss.logging.Logger;

/**
 * Runs optional work of a request: a log line, a mail, the memory of a browser. A failure is
 * logged, counted as {@code rowlock_listener_failures_total} by listener and operation, and changes
 * neither the transaction of the request nor its answer.
 *
 * <p>Not for work that security requires in the transaction of the request, such as the outbox row
 * of a revocation: see {@link #count}.
 */
public final class ListenerFailures {
  private static final Logger log = Logger.getLogger(ListenerFailures.class);

  private ListenerFailures() {}

  /**
   * Runs the work and returns normally, whatever it throws. The message of the exception is logged
   * on debug level only, because it may contain user input.
   *
   * @param listener provider id of the listener or name of the task
   * @param operation type of the event or name of the step
   */
  public static void contain(String listener, String operation, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      count(listener, operation);
      log.errorf(
          "Listener %s failed on %s: %s; the request continues",
          listener, operation, e.getClass().getName());
      log.debug(operation, e);
    }
  }

  /** Counts a failure that the caller handles itself. */
  public static void count(String listener, String operation) {
    Counter.builder("rowlock.listener.failures")
        .description("Failures of event listeners and of tasks after the commit")
        .tag("listener", listener)
        .tag("operation", operation)
        .register(Metrics.globalRegistry)
        .increment();
  }
}
