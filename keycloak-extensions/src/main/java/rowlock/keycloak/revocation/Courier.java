/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import rowlock.keycloak.support.Outbox;

/** Sends tokens to several receivers at once, with threads of its own. */
final class Courier {
  private static final Logger LOG = Logger.getLogger(Courier.class);
  private static final Result LATE = new Result(Outcome.UNREACHABLE, "no answer in time");

  private final HttpPush http;
  private final ExecutorService threads;

  Courier(HttpPush http, int threads, String name) {
    this.http = http;
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            action -> {
              var thread = new Thread(action, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What became of it. */
  enum Outcome {
    /** The receiver has it, for good. */
    DELIVERED,
    /** The receiver answers, but does not take this one. */
    REFUSED,
    /** The receiver does not answer, or not as it should. */
    UNREACHABLE
  }

  /**
   * The end of one attempt.
   *
   * @param outcome what became of it
   * @param error for an operator; empty when delivered
   */
  record Result(Outcome outcome, String error) {}

  /** A message on its way, signed. */
  record Sending(Outbox.Message message, Receiver receiver, String token) {}

  /**
   * Sends all, and comes back when the last is answered or the time is over. After one failure the
   * rest for the same receiver is not tried.
   *
   * @return one result for each, in the same order
   */
  List<Result> send(List<Sending> sendings, Duration limit) {
    Set<String> failing = ConcurrentHashMap.newKeySet();
    List<Callable<Result>> tasks =
        sendings.stream().map(sending -> task(sending, failing)).toList();
    try {
      return threads.invokeAll(tasks, limit.toMillis(), TimeUnit.MILLISECONDS).stream()
          .map(Courier::resultOf)
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return sendings.stream().map(sending -> LATE).toList();
    }
  }

  private Callable<Result> task(Sending sending, Set<String> failing) {
    var receiver = sending.receiver();
    return () -> {
      if (failing.contains(receiver.id())) {
        return new Result(Outcome.UNREACHABLE, "not tried: the one before was not answered");
      }
      var result = http.send(receiver.push().orElseThrow(), sending.token(), receiver.timeout());
      if (result.outcome() == Outcome.UNREACHABLE) {
        failing.add(receiver.id());
      }
      return result;
    };
  }

  private static Result resultOf(Future<Result> done) {
    try {
      return done.get();
    } catch (CancellationException e) {
      return LATE;
    } catch (ExecutionException e) {
      LOG.error("A security event could not be sent", e.getCause());
      return new Result(Outcome.UNREACHABLE, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return LATE;
    }
  }

  void stop() {
    threads.shutdownNow();
  }
}
