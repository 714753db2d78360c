/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.revocation.HttpPush.Outcome;
import rowlock.keycloak.revocation.HttpPush.Result;
import rowlock.keycloak.support.Outbox;

/** Brings messages of the outbox to their receivers. */
final class Delivery {
  /** What a request may wait for all receivers together. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final HttpPush http;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          32,
          action -> {
            var thread = new Thread(action, "rowlock-events");
            thread.setDaemon(true);
            return thread;
          });

  Delivery(HttpPush http) {
    this.http = http;
  }

  /** A message on its way. */
  private record Sending(Outbox.Message message, Receiver receiver, String token) {}

  /** Sends at once, to all receivers in parallel, and records what became of it. */
  void push(
      KeycloakSessionFactory factory,
      String realmId,
      List<Receiver> receivers,
      List<Outbox.Message> messages) {
    Map<String, Receiver> byId =
        receivers.stream().collect(Collectors.toMap(Receiver::id, Function.identity()));
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          var realm = session.realms().getRealm(realmId);
          if (realm == null) {
            return;
          }
          session.getContext().setRealm(realm);
          var sendings = new ArrayList<Sending>();
          for (var message : messages) {
            var receiver = Objects.requireNonNull(byId.get(message.receiver()));
            sendings.add(
                new Sending(
                    message,
                    receiver,
                    SecurityEventToken.sign(session, realm, message, receiver.clientId())));
          }
          record(new Outbox(session), sendings, send(sendings));
        });
  }

  private List<Result> send(List<Sending> sendings) {
    var tasks = new ArrayList<Callable<Result>>();
    for (var sending : sendings) {
      tasks.add(
          () ->
              http.send(
                  sending.receiver().push().orElseThrow(),
                  sending.token(),
                  sending.receiver().timeout()));
    }
    try {
      return threads.invokeAll(tasks, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS).stream()
          .map(Delivery::resultOf)
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return sendings.stream().map(sending -> new Result(Outcome.UNREACHABLE, "stopped")).toList();
    }
  }

  private static Result resultOf(Future<Result> done) {
    try {
      return done.get();
    } catch (CancellationException e) {
      return new Result(Outcome.UNREACHABLE, "no answer in time");
    } catch (ExecutionException e) {
      return new Result(Outcome.UNREACHABLE, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Result(Outcome.UNREACHABLE, "stopped");
    }
  }

  private static void record(Outbox outbox, List<Sending> sendings, List<Result> results) {
    var delivered = new ArrayList<String>();
    for (var i = 0; i < sendings.size(); i++) {
      var message = sendings.get(i).message();
      var result = results.get(i);
      if (result.outcome() == Outcome.DELIVERED) {
        delivered.add(message.id());
      } else {
        outbox.failed(message.id(), Instant.now().plusSeconds(1), result.error());
      }
    }
    outbox.delivered(delivered);
  }

  void stop() {
    threads.shutdownNow();
  }
}
