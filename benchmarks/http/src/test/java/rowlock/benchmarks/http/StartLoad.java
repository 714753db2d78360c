/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;

/**
 * Measures the start of task-api, from the start of the process to the first response that reports
 * readiness: with its database, which is migrated, and the keys of its issuer. The ways to start it
 * take turns, so other load on the machine affects them alike.
 */
public final class StartLoad {
  private static final Duration MAX_START = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final String STARTS = "starts=";

  private final Path jar;
  private final int starts;

  StartLoad(Path jar, int starts) {
    this.jar = jar;
    this.starts = starts;
  }

  /**
   * Prints a table.
   *
   * @param arguments {@code starts=5}, the number of starts of each kind; {@code true} is ignored
   */
  public static void main(String[] arguments) throws InterruptedException {
    var starts = 5;
    for (var argument : arguments) {
      if (argument.matches(STARTS + "[1-9]\\d{0,2}")) {
        starts = Integer.parseInt(argument.substring(STARTS.length()));
      } else if (!argument.equals("true")) {
        System.err.println("'" + argument + "' is invalid: use " + STARTS + " with a number.");
        System.exit(1);
      }
    }
    new StartLoad(RequestSettings.program(Path.of("../../task-api/target")), starts).run();
    System.exit(0);
  }

  /** A start: its duration and its CPU time until then. */
  record Start(double seconds, double cpuSeconds) {}

  /** Measures and prints the results. */
  Map<StartKind, List<Start>> run() throws InterruptedException {
    var directory = temporaryDirectory();
    var key = TestIssuer.newKey("start");
    Map<StartKind, List<Start>> results = new EnumMap<>(StartKind.class);
    try (var issuer = new TestIssuer().publish(key)) {
      var database = TestDatabase.create();
      var extracted = extract(directory);
      var cache = directory.resolve("app.aot");
      // the first run migrates the database, too
      train(extracted, cache, issuer, database, issuer.token(key, UUID.randomUUID()));
      for (var round = 0; round < starts; round++) {
        for (var kind : StartKind.values()) {
          results
              .computeIfAbsent(kind, first -> new ArrayList<>())
              .add(start(kind, extracted, cache, issuer, database));
        }
      }
    } finally {
      delete(directory);
    }
    results.forEach(StartLoad::print);
    return results;
  }

  private Start start(
      StartKind kind, Path extracted, Path cache, TestIssuer issuer, TestDatabase database)
      throws InterruptedException {
    var program = kind == StartKind.JAR ? jar : extracted;
    var options = kind == StartKind.CACHED ? List.of("-XX:AOTCache=" + cache) : List.<String>of();
    var management = TestServers.freePort();
    var begun = System.nanoTime();
    try (var server = JarServer.start(program, options, issuer, database, management)) {
      awaitReadiness(server, management);
      return new Start((System.nanoTime() - begun) / 1e9, server.cpuMillis() / 1e3);
    }
  }

  /** Runs the program once as a recording, with some requests, and writes the cache. */
  private static void train(
      Path program, Path cache, TestIssuer issuer, TestDatabase database, String token)
      throws InterruptedException {
    var management = TestServers.freePort();
    // the JVM archives objects only with this collector; a JVM with another one can read them
    var options = List.of("-XX:-UseSerialGC", "-XX:+UseG1GC", "-XX:AOTCacheOutput=" + cache);
    try (var server = JarServer.start(program, options, issuer, database, management);
        var http = client()) {
      awaitReadiness(server, management);
      var tasks = URI.create("http://localhost:" + server.port() + "/api/me/tasks");
      var authorized = HttpRequest.newBuilder(tasks).header("Authorization", "Bearer " + token);
      for (var request : List.of(authorized, HttpRequest.newBuilder(tasks))) {
        status(http, request.build());
      }
    }
    if (!Files.exists(cache)) {
      throw new IllegalStateException("The JVM wrote no cache: " + cache);
    }
  }

  private static void awaitReadiness(ServerProcess server, int managementPort)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + managementPort + "/actuator/health/readiness"))
            .build();
    var end = System.nanoTime() + MAX_START.toNanos();
    try (var http = client()) {
      while (status(http, request) != 200) {
        server.requireAlive();
        if (System.nanoTime() > end) {
          throw new IllegalStateException(server.name() + " is not ready: " + server.output());
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Returns the status of the response, or 0 if there is none. */
  private static int status(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Extracts the jar and returns the one to start. */
  private Path extract(Path directory) throws InterruptedException {
    var target = directory.resolve("app");
    try {
      var process =
          new ProcessBuilder(
                  ServerProcess.java(),
                  "-Djarmode=tools",
                  "-jar",
                  jar.toAbsolutePath().toString(),
                  "extract",
                  "--destination",
                  target.toString())
              .inheritIO()
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("Extracting " + jar + " failed.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target.resolve(jar.getFileName());
  }

  private static void print(StartKind kind, List<Start> all) {
    System.out.printf(
        Locale.ROOT,
        "%-10s ready after %.2f s (%.2f to %.2f), CPU %.2f s; median of %d%n",
        kind,
        median(all.stream().map(Start::seconds).toList()),
        all.stream().mapToDouble(Start::seconds).min().orElseThrow(),
        all.stream().mapToDouble(Start::seconds).max().orElseThrow(),
        median(all.stream().map(Start::cpuSeconds).toList()),
        all.size());
  }

  private static double median(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("start");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
