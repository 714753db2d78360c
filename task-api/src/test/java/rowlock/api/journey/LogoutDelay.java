/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.journey;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import rowlock.local.TestServers;
import rowlock.local.login.Tokens;

/**
 * How long an access token outlives its session: from the moment that Keycloak has answered the
 * logout until the API answers 401, asked again and again, on each of two processes in turn.
 */
public final class LogoutDelay {

  private static final int TIMES = 1_000;
  private static final Duration GIVE_UP = Duration.ofSeconds(60);

  private LogoutDelay() {}

  /**
   * What came out.
   *
   * @param microseconds from the logout's answer to the answer 401, sorted
   * @param logoutMicroseconds what the logout itself took, sorted
   * @param letIn calls that were answered 200 after a logout had been answered
   */
  record Distribution(long[] microseconds, long[] logoutMicroseconds, int letIn) {

    private static String told(long[] sorted) {
      return "p50 %.2f ms, p99 %.2f ms, max %.2f ms"
          .formatted(
              sorted[sorted.length / 2] / 1e3,
              sorted[sorted.length * 99 / 100] / 1e3,
              sorted[sorted.length - 1] / 1e3);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d logouts; from the answer to 401: %s; the logout itself: %s; calls let in: %d",
          microseconds.length,
          told(microseconds),
          told(logoutMicroseconds),
          letIn);
    }
  }

  /** Prints a line. An argument is how often. */
  public static void main(String[] arguments) {
    int times =
        arguments.length > 0 && !arguments[0].isBlank() ? Integer.parseInt(arguments[0]) : TIMES;
    try (Rowlock one =
            Rowlock.on(TestServers.keycloak(Rowlock.keycloaks()), TestServers.newPostgres());
        Rowlock two = one.replica()) {
      one.isToldAt(one.api("/events"));
      System.out.println(measure(one, two, times));
    }
    System.exit(0);
  }

  static Distribution measure(Rowlock one, Rowlock two, int times) {
    Person person = one.newPerson();
    long[] delays = new long[times];
    long[] logouts = new long[times];
    int letIn = 0;
    for (int i = 0; i < times; i++) {
      Rowlock asked = i % 2 == 0 ? one : two;
      Tokens tokens = one.signIn().login(person.email(), Rowlock.PASSWORD);
      if (list(asked, tokens) != 200) {
        throw new IllegalStateException("A good token was not let in");
      }
      long begun = System.nanoTime();
      one.signIn().logout(tokens.refreshToken());
      long answered = System.nanoTime();
      while (list(asked, tokens) != 401) {
        letIn++;
        if (System.nanoTime() - answered > GIVE_UP.toNanos()) {
          throw new IllegalStateException("The token goes on working");
        }
      }
      delays[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - answered);
      logouts[i] = TimeUnit.NANOSECONDS.toMicros(answered - begun);
    }
    Arrays.sort(delays);
    Arrays.sort(logouts);
    return new Distribution(delays, logouts, letIn);
  }

  private static int list(Rowlock at, Tokens tokens) {
    return Person.send(at, "Bearer " + tokens.accessToken(), "GET", "/api/me/tasks", null).status();
  }
}
