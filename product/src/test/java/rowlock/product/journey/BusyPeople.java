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
import rowlock.product.journey.Balancer.Call;

/** A small crowd at work from its making to its closing; what they met is asked for then. */
final class BusyPeople implements AutoCloseable {

  private static final Duration LONG = Duration.ofSeconds(100);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<BusyPerson> people;
  private final long begun = System.nanoTime();
  private volatile boolean enough;

  BusyPeople(List<BusyPerson> people) {
    this.people = people;
    people.forEach(person -> threads.submit(() -> person.work(() -> enough)));
  }

  /** Until each has refreshed some more times, all of it begun from now on. */
  void goOn(int refreshes) {
    long from = System.nanoTime();
    await()
        .atMost(LONG)
        .until(
            () ->
                people.stream()
                    .allMatch(
                        person ->
                            !person.problem().isEmpty()
                                || person.calls().stream()
                                        .filter(BusyPeople::isRefresh)
                                        .filter(call -> call.begun() > from)
                                        .count()
                                    >= refreshes));
    assertThat(problems()).isEmpty();
  }

  private static boolean isRefresh(Call call) {
    return call.name().endsWith("/token");
  }

  /** What went wrong for whom. */
  List<String> problems() {
    return people.stream().map(BusyPerson::problem).filter(text -> !text.isEmpty()).toList();
  }

  /** All that was sent by all in this time of work. */
  List<Call> calls() {
    return people.stream()
        .flatMap(person -> person.calls().stream())
        .filter(call -> call.begun() >= begun)
        .toList();
  }

  /** How long calls took, those before a moment and those that the seconds after it touched. */
  String figures(long moment) {
    long end = moment + Duration.ofSeconds(5).toNanos();
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

  private String percentiles(String name, Predicate<Call> which) {
    long[] sorted =
        calls().stream()
            .filter(call -> call.name().endsWith(name))
            .filter(which)
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
    enough = true;
    threads.close();
  }
}
