/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rowlock.keycloak.rotation.LoadSettings;
import rowlock.keycloak.rotation.TurnResult;

/**
 * Compares the cost of a login between a stock Keycloak with a new realm and one with our jar and
 * our realm, in turns in one run. A login is all requests of a new browser until the client has its
 * tokens: the page, the password, and the code. Both servers hash passwords with little memory, so
 * that the hash, which is the same work for both, does not hide the difference.
 */
public final class LoginLoad {
  private static final int MAX_PRINTED_FAILURES = 10;

  private final LoadSettings settings;

  LoginLoad(LoadSettings settings) {
    this.settings = settings;
  }

  /**
   * Prints a table. Exits with 1 if a login failed.
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
    var failures = new LoginLoad(settings).run();
    failures.stream().limit(MAX_PRINTED_FAILURES).forEach(System.err::println);
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  /** Runs the load and returns the failures. */
  List<String> run() throws InterruptedException {
    System.out.println(settings);
    try (var stock = LoginServer.stock();
        var ours = LoginServer.ours()) {
      List<String> failures = new ArrayList<>();
      Map<LoginServer, List<TurnResult>> turns = new LinkedHashMap<>();
      for (var server : List.of(stock, ours)) {
        turns.put(server, new ArrayList<>());
        server.register(settings.users());
        failures.addAll(server.loginFor(settings.warmUp(), settings.clients()).failures());
      }
      System.out.println(TurnResult.HEAD);
      for (var pair = 0; pair < settings.pairs(); pair++) {
        for (var server : turns.entrySet()) {
          var turn = server.getKey().loginFor(settings.turn(), settings.clients());
          System.out.println(turn.row(server.getKey().name()));
          server.getValue().add(turn);
        }
      }
      System.out.println("all turns");
      var stockSum = TurnResult.sum(turns.getOrDefault(stock, List.of()));
      var ourSum = TurnResult.sum(turns.getOrDefault(ours, List.of()));
      System.out.println(stockSum.row(stock.name()));
      System.out.println(ourSum.row(ours.name()));
      failures.addAll(stockSum.failures());
      failures.addAll(ourSum.failures());
      System.out.printf(
          Locale.ROOT,
          "ours compared with stock: CPU of each login %.2f; failures: %d%n",
          ourSum.cpuMillisEach() / stockSum.cpuMillisEach(),
          failures.size());
      return failures;
    }
  }
}
