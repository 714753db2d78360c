/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Contains the servers to compare and the load.
 *
 * @param jars executable jars; the first is the baseline
 * @param owners number of owners
 * @param senders number of owners that send requests, spread over all; the signatures of more
 *     tokens take minutes
 * @param revoked number of revoked sessions in the ledger, if the server has one
 * @param tasks number of tasks of each owner at the start
 * @param connections number of concurrent requests
 * @param warmUp duration of each kind of request before the measurement, after four times as long
 *     with all kinds: compilers need a minute
 * @param turn duration for which one server gets all requests
 * @param rounds number of turns of each server for each kind of request
 * @param operations kinds of requests
 */
record RequestSettings(
    List<Path> jars,
    int owners,
    int senders,
    int revoked,
    int tasks,
    int connections,
    Duration warmUp,
    Duration turn,
    int rounds,
    List<Operation> operations) {

  RequestSettings {
    if (jars.isEmpty()) {
      throw new IllegalArgumentException("Name at least one executable jar.");
    }
    for (var jar : jars) {
      if (!Files.isReadable(jar)) {
        throw new IllegalArgumentException(jar + " is unreadable.");
      }
    }
    if (owners < senders
        || senders < 2
        || tasks < 1
        || connections < 1
        || turn.isZero()
        || rounds < 1) {
      throw new IllegalArgumentException(
          "senders= must be 2 to owners=, and all others except warmup= and revoked= at least 1.");
    }
  }

  /**
   * Reads the paths of jars and {@code owners=1000 senders=1000 revoked=0 tasks=100 connections=32
   * warmup=20 turn=10 rounds=3}, which are the default values; times are in seconds. The default
   * jars are the plain application of this module and task-api, as built. The name of an {@link
   * Operation} in lower case selects it; the default is all. An argument {@code true} is ignored.
   *
   * @throws IllegalArgumentException if an argument is invalid; the message names it
   */
  static RequestSettings of(List<String> arguments) {
    Map<String, Integer> numbers =
        new LinkedHashMap<>(
            Map.of(
                "owners",
                1000,
                "senders",
                1000,
                "revoked",
                0,
                "tasks",
                100,
                "connections",
                32,
                "warmup",
                20,
                "turn",
                10,
                "rounds",
                3));
    List<Path> jars = new ArrayList<>();
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (var argument : arguments) {
      var parts = argument.split("=", 2);
      if (argument.equals("true")) {
        continue; // the value of -Dmeasure without one
      }
      var operation = Operation.named(argument);
      if (operation != null) {
        operations.add(operation);
      } else if (argument.endsWith(".jar")) {
        jars.add(Path.of(argument));
      } else if (parts.length == 2
          && numbers.containsKey(parts[0])
          && parts[1].matches("\\d{1,6}")) {
        numbers.put(parts[0], Integer.valueOf(parts[1]));
      } else {
        throw new IllegalArgumentException(
            "'"
                + argument
                + "' is neither a jar nor a kind of request nor one of "
                + numbers.keySet()
                + " with a number.");
      }
    }
    if (jars.isEmpty()) {
      jars.add(program(Path.of("target")));
      jars.add(program(Path.of("../../task-api/target")));
    }
    return new RequestSettings(
        List.copyOf(jars),
        numbers.get("owners"),
        Math.min(numbers.get("senders"), numbers.get("owners")),
        numbers.get("revoked"),
        numbers.get("tasks"),
        numbers.get("connections"),
        Duration.ofSeconds(numbers.get("warmup")),
        Duration.ofSeconds(numbers.get("turn")),
        numbers.get("rounds"),
        List.copyOf(operations.isEmpty() ? EnumSet.allOf(Operation.class) : operations));
  }

  /** Returns the executable jar in the output of a module. */
  static Path program(Path folder) {
    try (var files = Files.newDirectoryStream(folder, "*-app.jar")) {
      for (var file : files) {
        return file;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(folder + " is unreadable.", e);
    }
    throw new IllegalArgumentException(folder + " has no executable jar; run package first.");
  }
}
