/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.Tokens;
import rowlock.local.testing.TestServers;

/**
 * Measures how long an access token remains valid after a logout: from Keycloak's response to the
 * logout until the API answers 401. Two processes are measured in turn.
 */
public final class LogoutDelay {
  private static final int TIMES = 1_000;
  private static final Duration GIVE_UP = Duration.ofSeconds(60);

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private LogoutDelay() {}

  /**
   * Contains the results of a measurement.
   *
   * @param microseconds from the response to the logout until the API answers 401, sorted
   * @param logoutMicroseconds duration of each logout, sorted
   * @param accepted calls that were answered 200 after the response to the logout
   */
  public record Distribution(long[] microseconds, long[] logoutMicroseconds, int accepted) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d logouts; from the response to 401: %s; duration of the logout: %s; calls accepted after it: %d",
          microseconds.length,
          format(microseconds),
          format(logoutMicroseconds),
          accepted);
    }
  }

  private static String format(long[] sorted) {
    return String.format(
        Locale.ROOT,
        "p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        sorted[sorted.length / 2] / 1e3,
        sorted[sorted.length * 99 / 100] / 1e3,
        sorted[sorted.length - 1] / 1e3);
  }

  /** Prints two lines. The first argument is the number of logouts. */
  public static void main(String[] arguments) {
    var times =
        arguments.length > 0 && !arguments[0].isBlank() ? Integer.parseInt(arguments[0]) : TIMES;
    var keycloak = TestServers.keycloak(TestProduct.keycloakSpec());
    var processes =
        TaskApiProcess.start(TestProduct.apiSettings(keycloak, TestServers.newPostgres()), 2);
    try {
      var receiver = processes.get(0);
      TestProduct.sendEventsTo(
          keycloak, receiver.api("/events").toString(), receiver.api("/.well-known/jwks.json"));
      var lists = processes.stream().map(process -> process.api("/api/me/tasks")).toList();
      measure(keycloak, lists, times / 10); // warm-up
      System.out.println(measure(keycloak, lists, times));
      TestProduct.sendEventsTo(keycloak, "", receiver.api("/.well-known/jwks.json"));
      System.out.println("logout without a receiver: " + format(logouts(keycloak, times / 5)));
    } finally {
      processes.forEach(TaskApiProcess::close);
    }
    System.exit(0);
  }

  /**
   * Logs out repeatedly and calls the API after each logout until it answers 401.
   *
   * @param lists a path of each process of task-api
   */
  public static Distribution measure(KeycloakServer keycloak, List<URI> lists, int times) {
    var flow = TestProduct.signIn(keycloak);
    var email = register(flow);
    var delays = new long[times];
    var logouts = new long[times];
    var accepted = 0;
    for (var i = 0; i < times; i++) {
      var asked = lists.get(i % lists.size());
      var tokens = flow.login(email, TestProduct.PASSWORD);
      if (list(asked, tokens) != 200) {
        throw new IllegalStateException("A valid token was rejected");
      }
      var begun = System.nanoTime();
      flow.logout(refreshToken(tokens));
      var answered = System.nanoTime();
      while (list(asked, tokens) != 401) {
        accepted++;
        if (System.nanoTime() - answered > GIVE_UP.toNanos()) {
          throw new IllegalStateException("The token is still accepted");
        }
      }
      delays[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - answered);
      logouts[i] = TimeUnit.NANOSECONDS.toMicros(answered - begun);
    }
    Arrays.sort(delays);
    Arrays.sort(logouts);
    return new Distribution(delays, logouts, accepted);
  }

  private static long[] logouts(KeycloakServer keycloak, int times) {
    var flow = TestProduct.signIn(keycloak);
    var email = register(flow);
    var logouts = new long[times];
    for (var i = 0; i < times; i++) {
      var tokens = flow.login(email, TestProduct.PASSWORD);
      var begun = System.nanoTime();
      flow.logout(refreshToken(tokens));
      logouts[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun);
    }
    Arrays.sort(logouts);
    return logouts;
  }

  private static String register(AuthorizationCodeFlow flow) {
    var email = "p" + UUID.randomUUID() + "@example.org";
    flow.register(email, TestProduct.PASSWORD, "", "");
    return email;
  }

  private static String refreshToken(Tokens tokens) {
    return Objects.requireNonNull(tokens.refreshToken(), "no refresh token");
  }

  private static int list(URI asked, Tokens tokens) {
    var request =
        HttpRequest.newBuilder(asked)
            .header("Authorization", "Bearer " + tokens.accessToken())
            .timeout(Duration.ofSeconds(15))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofString()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
