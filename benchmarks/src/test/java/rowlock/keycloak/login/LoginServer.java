/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import rowlock.keycloak.rotation.TurnResult;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.testing.TestServers;
import rowlock.product.Product;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;
import tools.jackson.databind.json.JsonMapper;

/** A Keycloak with its own database and a realm, whose JVM compiles as in production. */
final class LoginServer implements AutoCloseable {
  /**
   * A fraction of Keycloak's default, in KiB. With the default, two thirds of a login are the hash,
   * whose cost differs by a factor of two between two JVMs: the compiler decides again in each.
   */
  private static final String HASH_MEMORY = TestServers.HASH_MEMORY + "=256";

  private static final String CLIENT = "task-cli";
  private static final int USERS_PER_IMPORT = 50;

  private final String realm;
  private final KeycloakServer server;
  private final AuthorizationCodeFlow flow;
  private final List<String> users = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  private LoginServer(String realm, KeycloakSpec spec) {
    this.realm = realm;
    this.server = TestServers.newCompiledKeycloak(spec);
    this.flow = new AuthorizationCodeFlow(server.issuer(realm), CLIENT);
  }

  /** Starts a server without extensions, and a realm with Keycloak's defaults. */
  static LoginServer stock() {
    var file = LoginServer.class.getResource("/stock-realm.json");
    if (file == null) {
      throw new IllegalStateException("stock-realm.json is not on the class path");
    }
    try {
      return new LoginServer(
          "stock",
          new KeycloakSpec(List.of(), List.of(Path.of(file.toURI()))).withOptions(HASH_MEMORY));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a server with our extension and our realm. */
  static LoginServer ours() {
    try {
      var file = Files.createTempFile("rowlock-realm", ".json");
      file.toFile().deleteOnExit();
      return new LoginServer(
          Realm.NAME,
          Product.keycloak(Product.realm("http://localhost:8000", "http://localhost:8081"), file)
              .withOptions(Product.UNLIMITED_ON_LOOPBACK, HASH_MEMORY));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return realm;
  }

  /** Registers users, whose passwords the server hashes. */
  void register(int count) {
    IntStream.range(0, count).mapToObj(i -> "user-" + i + "@example.org").forEach(users::add);
    for (var from = 0; from < count; from += USERS_PER_IMPORT) {
      var some =
          users.subList(from, Math.min(from + USERS_PER_IMPORT, count)).stream()
              .map(this::user)
              .toList();
      new AdminApi(server)
          .post(
              "/realms/" + realm + "/partialImport",
              JsonMapper.shared()
                  .writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", some)));
    }
  }

  private Map<String, Object> user(String email) {
    return Map.of(
        "username",
        email,
        "email",
        email,
        "firstName",
        "Ann",
        "lastName",
        "Rower",
        "emailVerified",
        true,
        "enabled",
        true,
        "realmRoles",
        List.of("default-roles-" + realm),
        "credentials",
        List.of(Map.of("type", "password", "value", TestProduct.PASSWORD)));
  }

  /** Signs users in, one after the other, for a while. */
  TurnResult loginFor(Duration time, int concurrent) throws InterruptedException {
    var cpuBefore = cpuTime();
    var begun = System.nanoTime();
    var end = begun + time.toNanos();
    var answered = LongStream.builder();
    List<String> failures = new ArrayList<>();
    List<Future<Logins>> workers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < concurrent; i++) {
        workers.add(threads.submit(() -> logins(end)));
      }
    }
    var wall = Duration.ofNanos(System.nanoTime() - begun);
    var cpu = cpuTime().minus(cpuBefore);
    try {
      for (var worker : workers) {
        worker.get().answered().forEach(answered::add);
        failures.addAll(worker.get().failures());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return new TurnResult(wall, cpu, answered.build().toArray(), failures);
  }

  private record Logins(List<Long> answered, List<String> failures) {}

  private Logins logins(long end) {
    var logins = new Logins(new ArrayList<>(), new ArrayList<>());
    while (System.nanoTime() < end) {
      var user = users.get(next.getAndIncrement() % users.size());
      var start = System.nanoTime();
      try {
        flow.login(user, TestProduct.PASSWORD);
        logins.answered().add(System.nanoTime() - start);
      } catch (RuntimeException e) {
        logins.failures().add(String.valueOf(e.getMessage()));
      }
    }
    return logins;
  }

  private Duration cpuTime() {
    return ProcessHandle.of(server.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The CPU time of processes is unavailable on this system"));
  }

  @Override
  public void close() {
    server.close();
  }
}
