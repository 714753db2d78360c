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
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Compares the cost of our rotation of refresh tokens with the server's own. Many users each
 * refresh their own newest token, at clients of both kinds in turns, on one real server in one run.
 */
public final class RefreshLoad {
  /** Few, because password hashing is slow by design. */
  private static final int LOGINS_AT_ONCE = 4;

  private static final int USERS_PER_IMPORT = 50;
  private static final int MAX_PRINTED_FAILURES = 10;

  private final LoadSettings settings;

  RefreshLoad(LoadSettings settings) {
    this.settings = settings;
  }

  /**
   * Prints a table. Exits with 1 if a request was refused.
   *
   * @param arguments see {@link LoadSettings#of}, or {@code true} for the default values
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
    var failures = new RefreshLoad(settings).run();
    failures.stream().limit(MAX_PRINTED_FAILURES).forEach(System.err::println);
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  /** Runs the load and returns the failures. */
  List<String> run() throws InterruptedException {
    System.out.println(settings);
    try (var realm = LoadRealm.start()) {
      var sessions = signIn(realm);
      List<String> failures = new ArrayList<>();
      for (var client : Rotation.values()) {
        failures.addAll(turn(client, sessions.get(client), true).failures());
      }
      System.out.println(TurnResult.HEAD);
      Map<Rotation, List<TurnResult>> turns = new EnumMap<>(Rotation.class);
      for (var pair = 0; pair < settings.pairs(); pair++) {
        for (var client : Rotation.values()) {
          var turn = turn(client, sessions.get(client), false);
          System.out.println(turn.row(client.clientId()));
          turns.computeIfAbsent(client, first -> new ArrayList<>()).add(turn);
        }
      }
      print(turns, failures);
      for (var client : Rotation.values()) {
        var expected = client == Rotation.OURS ? sessions.get(client).rotated() : 0;
        var counted = realm.rotatedByUs(client);
        if (counted != expected) {
          failures.add(
              "Our rotation answered %d refreshes of the client %s instead of %d"
                  .formatted(counted, client.clientId(), expected));
        }
      }
      return failures;
    }
  }

  private TurnResult turn(Rotation client, UserSessions session, boolean warmUp)
      throws InterruptedException {
    return session.refreshFor(warmUp ? settings.warmUp() : settings.turn(), settings.clients());
  }

  private static void print(Map<Rotation, List<TurnResult>> turns, List<String> failures) {
    Map<Rotation, TurnResult> sums = new EnumMap<>(Rotation.class);
    System.out.println("all turns");
    turns.forEach(
        (client, all) -> {
          var sum = TurnResult.sum(all);
          sums.put(client, sum);
          failures.addAll(sum.failures());
          System.out.println(sum.row(client.clientId()));
        });
    var stock = sums.get(Rotation.STOCK);
    var ours = sums.get(Rotation.OURS);
    System.out.printf(
        Locale.ROOT,
        "ours compared with stock: refreshes/s %+.1f %%, CPU of each %+.1f %%; failures: %d%n",
        (ours.perSecond() / stock.perSecond() - 1) * 100,
        (ours.cpuMillisEach() / stock.cpuMillisEach() - 1) * 100,
        failures.size());
  }

  private Map<Rotation, UserSessions> signIn(LoadRealm realm) throws InterruptedException {
    var names =
        IntStream.range(0, settings.users()).mapToObj(i -> "user-" + i + "@example.org").toList();
    List<Callable<Boolean>> imports = new ArrayList<>();
    for (var from = 0; from < names.size(); from += USERS_PER_IMPORT) {
      var some = names.subList(from, Math.min(from + USERS_PER_IMPORT, names.size()));
      imports.add(
          () -> {
            realm.register(some);
            return true;
          });
    }
    atOnce(imports);
    Map<Rotation, UserSessions> sessions = new EnumMap<>(Rotation.class);
    for (var client : Rotation.values()) {
      List<Callable<String>> logins = new ArrayList<>();
      names.forEach(name -> logins.add(() -> realm.login(client, name)));
      sessions.put(client, new UserSessions(realm, client, atOnce(logins)));
    }
    return sessions;
  }

  private static <T> List<T> atOnce(List<Callable<T>> work) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(LOGINS_AT_ONCE, Thread.ofVirtual().factory())) {
      List<T> all = new ArrayList<>();
      for (var one : threads.invokeAll(work)) {
        all.add(one.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
