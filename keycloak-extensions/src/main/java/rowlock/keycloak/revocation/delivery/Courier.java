/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

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
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/** Sends tokens to several receivers at once, with threads of its own. */
final class Courier {
  private static final Logger LOG = Logger.getLogger(Courier.class);
  private static final Result LATE = new Result(Outcome.UNREACHABLE, "no answer in time");
  private static final Result NOT_TRIED = new Result(Outcome.NOT_TRIED, "not tried");

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
    /** The receiver answers that it cannot now, or something that it should not. */
    FAILED,
    /** The receiver does not answer. */
    UNREACHABLE,
    /** It was not sent: the one before was not taken, or others took the time. */
    NOT_TRIED
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
   * @param limit for all
   * @param timeout for one
   * @return one result for each, in the same order
   */
  List<Result> send(List<Sending> sendings, Duration limit, Function<Receiver, Duration> timeout) {
    Set<String> failing = ConcurrentHashMap.newKeySet();
    var attempts =
        sendings.stream()
            .map(one -> new Attempt(one, timeout.apply(one.receiver()), failing))
            .toList();
    try {
      var done = threads.invokeAll(attempts, limit.toMillis(), TimeUnit.MILLISECONDS);
      return IntStream.range(0, done.size())
          .mapToObj(i -> resultOf(attempts.get(i), done.get(i)))
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return attempts.stream().map(Attempt::late).toList();
    }
  }

  /** One token on its way. */
  private final class Attempt implements Callable<Result> {
    private final Sending sending;
    private final Duration timeout;
    private final Set<String> failing;
    private volatile boolean isBegun;

    Attempt(Sending sending, Duration timeout, Set<String> failing) {
      this.sending = sending;
      this.timeout = timeout;
      this.failing = failing;
    }

    @Override
    public Result call() throws InterruptedException {
      var receiver = sending.receiver();
      if (failing.contains(receiver.id())) {
        return NOT_TRIED;
      }
      isBegun = true;
      var result = http.send(receiver.push().orElseThrow(), sending.token(), timeout);
      if (result.outcome() == Outcome.FAILED || result.outcome() == Outcome.UNREACHABLE) {
        failing.add(receiver.id());
      }
      return result;
    }

    /**
     * What it is when the time is over; a receiver is not to blame for threads that others have.
     */
    Result late() {
      return isBegun ? LATE : NOT_TRIED;
    }
  }

  private static Result resultOf(Attempt attempt, Future<Result> done) {
    try {
      return done.get();
    } catch (CancellationException e) {
      return attempt.late();
    } catch (ExecutionException e) {
      LOG.error("A security event could not be sent", e.getCause());
      return new Result(Outcome.FAILED, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return attempt.late();
    }
  }

  void stop() {
    threads.shutdownNow();
  }
}
