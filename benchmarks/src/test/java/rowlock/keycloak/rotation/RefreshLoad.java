/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What our rotation of refresh tokens costs beside the server's own: many people who each refresh
 * their own newest token, at a client of either kind, in turns, on one real server in one run.
 */
public final class RefreshLoad {

  /** Passwords are slow to hash by design. */
  private static final int LOGINS_AT_ONCE = 4;

  private static final int PEOPLE_PER_IMPORT = 50;
  private static final int FAILURES_TOLD = 10;

  private final LoadSettings settings;

  RefreshLoad(LoadSettings settings) {
    this.settings = settings;
  }

  /**
   * Prints a table; ends with 1 if anybody was refused.
   *
   * @param arguments those of {@link LoadSettings#of}, or {@code true} for the defaults
   */
  public static void main(String[] arguments) throws InterruptedException {
    LoadSettings settings;
    try {
      settings =
          LoadSettings.of(
              Arrays.stream(arguments).filter(argument -> !argument.equals("true")).toList());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    List<String> failures = new RefreshLoad(settings).run();
    failures.stream().limit(FAILURES_TOLD).forEach(System.err::println);
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  /** Answers what went wrong, a line each. */
  List<String> run() throws InterruptedException {
    System.out.println(settings);
    try (LoadRealm realm = LoadRealm.start()) {
      Map<Rotation, Crowd> crowds = signIn(realm);
      List<String> failures = new ArrayList<>();
      for (Rotation client : Rotation.values()) {
        failures.addAll(turn(client, crowds.get(client), true).failures());
      }
      System.out.println(Turn.HEAD);
      Map<Rotation, List<Turn>> turns = new EnumMap<>(Rotation.class);
      for (int pair = 0; pair < settings.pairs(); pair++) {
        for (Rotation client : Rotation.values()) {
          Turn turn = turn(client, crowds.get(client), false);
          System.out.println(turn.told(client.clientId()));
          turns.computeIfAbsent(client, first -> new ArrayList<>()).add(turn);
        }
      }
      tell(turns, failures);
      for (Rotation client : Rotation.values()) {
        long wanted = client == Rotation.OURS ? crowds.get(client).rotated() : 0;
        long counted = realm.rotatedByUs(client);
        if (counted != wanted) {
          failures.add(
              "Our rotation answered %d refreshes of the client %s, not %d"
                  .formatted(counted, client.clientId(), wanted));
        }
      }
      return failures;
    }
  }

  private Turn turn(Rotation client, Crowd crowd, boolean warmUp) throws InterruptedException {
    return crowd.refreshFor(warmUp ? settings.warmUp() : settings.turn(), settings.clients());
  }

  private static void tell(Map<Rotation, List<Turn>> turns, List<String> failures) {
    Map<Rotation, Turn> sums = new EnumMap<>(Rotation.class);
    System.out.println("all turns");
    turns.forEach(
        (client, all) -> {
          Turn sum = Turn.sum(all);
          sums.put(client, sum);
          failures.addAll(sum.failures());
          System.out.println(sum.told(client.clientId()));
        });
    Turn stock = sums.get(Rotation.STOCK);
    Turn ours = sums.get(Rotation.OURS);
    System.out.printf(
        Locale.ROOT,
        "ours beside stock: refreshes/s %+.1f %%, CPU of each %+.1f %%; failures: %d%n",
        (ours.perSecond() / stock.perSecond() - 1) * 100,
        (ours.cpuMillisEach() / stock.cpuMillisEach() - 1) * 100,
        failures.size());
  }

  private Map<Rotation, Crowd> signIn(LoadRealm realm) throws InterruptedException {
    List<String> names =
        IntStream.range(0, settings.users()).mapToObj(i -> "rower-" + i + "@example.org").toList();
    List<Callable<Boolean>> imports = new ArrayList<>();
    for (int from = 0; from < names.size(); from += PEOPLE_PER_IMPORT) {
      List<String> some = names.subList(from, Math.min(from + PEOPLE_PER_IMPORT, names.size()));
      imports.add(
          () -> {
            realm.register(some);
            return true;
          });
    }
    atOnce(imports);
    Map<Rotation, Crowd> crowds = new EnumMap<>(Rotation.class);
    for (Rotation client : Rotation.values()) {
      List<Callable<String>> logins = new ArrayList<>();
      names.forEach(name -> logins.add(() -> realm.login(client, name)));
      crowds.put(client, new Crowd(realm, client, atOnce(logins)));
    }
    return crowds;
  }

  private static <T> List<T> atOnce(List<Callable<T>> work) throws InterruptedException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(LOGINS_AT_ONCE, Thread.ofVirtual().factory())) {
      List<T> all = new ArrayList<>();
      for (Future<T> one : threads.invokeAll(work)) {
        all.add(one.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
