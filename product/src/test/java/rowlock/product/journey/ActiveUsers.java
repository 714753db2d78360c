/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import rowlock.product.journey.FailoverClient.Call;

/** Runs several active users until it is closed, and reports their problems. */
final class ActiveUsers implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(100);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<ActiveUser> users;
  private final long begun = System.nanoTime();
  private volatile boolean stopped;

  ActiveUsers(List<ActiveUser> users) {
    this.users = users;
    users.forEach(user -> threads.submit(() -> user.work(() -> stopped)));
  }

  /**
   * Waits until each user has refreshed that many more times, counting refreshes that start from
   * now on.
   */
  void awaitRefreshes(int refreshes) {
    var from = System.nanoTime();
    await()
        .atMost(LONG)
        .until(
            () ->
                users.stream()
                    .allMatch(
                        user ->
                            !user.problem().isEmpty()
                                || user.calls().stream()
                                        .filter(ActiveUsers::isRefresh)
                                        .filter(call -> call.begun() > from)
                                        .count()
                                    >= refreshes));
    assertThat(problems()).isEmpty();
  }

  private static boolean isRefresh(Call call) {
    return call.name().endsWith("/token");
  }

  /** Returns the problems of all users. */
  List<String> problems() {
    return users.stream().map(ActiveUser::problem).filter(text -> !text.isEmpty()).toList();
  }

  /** Returns all requests since the start. */
  List<Call> calls() {
    return users.stream()
        .flatMap(user -> user.calls().stream())
        .filter(call -> call.begun() >= begun)
        .toList();
  }

  /** Reports the duration of calls before a moment, and of those within five seconds after it. */
  String figures(long moment) {
    var end = moment + Duration.ofSeconds(5).toNanos();
    Predicate<Call> touched = call -> call.ended() >= moment && call.begun() <= end;
    return Stream.of("/token", "/tasks", "/tasks?limit=200")
        .map(
            name ->
                "%s before: %s; in the 5 s from then: %s%n"
                    .formatted(
                        name,
                        percentiles(name, call -> call.ended() < moment),
                        percentiles(name, touched)))
        .reduce("", String::concat);
  }

  private String percentiles(String name, Predicate<Call> condition) {
    var sorted =
        calls().stream()
            .filter(call -> call.name().endsWith(name))
            .filter(condition)
            .mapToLong(call -> call.took().toMillis())
            .sorted()
            .toArray();
    return sorted.length == 0
        ? "none"
        : String.format(
            Locale.ROOT,
            "%d calls, p50 %d ms, p99 %d ms, longest %d ms",
            sorted.length,
            sorted[sorted.length / 2],
            sorted[(sorted.length - 1) * 99 / 100],
            Arrays.stream(sorted).max().orElse(0));
  }

  @Override
  public void close() {
    stopped = true;
    threads.close();
  }
}
