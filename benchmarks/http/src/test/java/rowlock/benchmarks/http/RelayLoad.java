/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;
import rowlock.web.session.BenchmarkSessions;
import rowlock.web.session.BenchmarkSessions.Browser;

/**
 * Compares the CPU time of task-web for a relayed request, with a session cookie, with that of
 * task-api for the same request, with a bearer token and without task-web. The two ways take turns,
 * so other load on the machine affects them alike.
 */
public final class RelayLoad {
  private static final List<Operation> OPERATIONS =
      List.of(Operation.GET, Operation.LIST, Operation.POST);
  private static final String BODY = "{\"title\":\"Buy milk\",\"description\":\"Two litres\"}";

  /** That of the tokens of {@link TestIssuer}. */
  private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);

  private final RequestSettings settings;
  private final Connections connections;
  private final List<UUID> owners;
  private final byte[] sessionKey = new byte[32];
  private final List<String> tokens = new ArrayList<>();
  private final List<Browser> browsers = new ArrayList<>();

  RelayLoad(RequestSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings.connections());
    this.owners = Stream.generate(UUID::randomUUID).limit(settings.owners()).toList();
    new SecureRandom().nextBytes(sessionKey);
  }

  /**
   * Prints a table. Exits with 1 if a request got an unexpected status.
   *
   * @param arguments see {@link RequestSettings#of}, without jars; of the kinds of requests, {@code
   *     get list post}
   */
  public static void main(String[] arguments) throws InterruptedException {
    RequestSettings settings;
    try {
      settings = RequestSettings.of(Arrays.asList(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    new RelayLoad(settings).run();
    System.exit(0);
  }

  /** The way of a request: to task-api, or through task-web. */
  enum Way {
    DIRECT,
    RELAYED
  }

  /**
   * Measures and prints the results.
   *
   * @return the cost of each operation, by way
   * @throws IllegalStateException if a request gets an unexpected status
   */
  Map<Operation, Map<Way, RelayCost>> run() throws InterruptedException {
    System.out.println(settings);
    var key = TestIssuer.newKey("load");
    var database = TestDatabase.create();
    var jar = RequestSettings.program(Path.of("../../task-api/target"));
    try (var issuer = new TestIssuer().publish(key);
        var api = new JarServer(jar, issuer);
        var web = startWeb(issuer, api, database)) {
      api.awaitStart();
      web.awaitStart();
      api.fill(owners, settings.tasks());
      var servers = new Servers(api, web, api.firstTasks(owners));
      var sessions = new BenchmarkSessions(database.superuserDataSource(), sessionKey);
      signIn(issuer, key, sessions);
      for (var way : Way.values()) {
        if (settings.warmUp().isPositive()) {
          turn(way, Operation.MIXED, servers, settings.warmUp().multipliedBy(4));
        }
      }
      Map<Operation, Map<Way, RelayCost>> costs = new LinkedHashMap<>();
      for (var operation : OPERATIONS) {
        if (settings.operations().contains(operation)) {
          signIn(issuer, key, sessions);
          costs.put(operation, measure(operation, servers));
        }
      }
      System.out.printf(
          "task-api %d MiB, task-web %d MiB%n", api.residentMebibytes(), web.residentMebibytes());
      return costs;
    }
  }

  private record Servers(JarServer api, ServerProcess web, List<UUID> tasks) {
    URI uri(Way way, String path) {
      return way == Way.DIRECT
          ? api.uri(path)
          : URI.create("http://localhost:" + web.port() + path);
    }
  }

  private ServerProcess startWeb(TestIssuer issuer, JarServer api, TestDatabase database) {
    var port = TestServers.freePort();
    Map<String, String> all = new LinkedHashMap<>();
    database
        .settings()
        .forEach((name, value) -> all.put(name.replace("rowlock.db.", "rowlock.web.db."), value));
    all.put("rowlock.issuer", issuer.url());
    all.put("rowlock.api.url", api.uri("").toString());
    all.put("rowlock.web.url", "http://localhost:" + port);
    all.put("rowlock.web.port", Integer.toString(port));
    all.put("rowlock.web.management.port", Integer.toString(TestServers.freePort()));
    all.put("rowlock.web.session.key", Base64.getEncoder().encodeToString(sessionKey));
    all.put("rowlock.web.client.key.file", clientKey().toString());
    return ServerProcess.start(
        RequestSettings.program(Path.of("../../task-web/target")), port, List.of(), all);
  }

  /** Access tokens expire after minutes, so each operation gets new ones. */
  private void signIn(TestIssuer issuer, RSAKey key, BenchmarkSessions sessions) {
    tokens.clear();
    browsers.clear();
    for (var owner : owners) {
      var token = issuer.token(key, owner);
      tokens.add(token);
      browsers.add(sessions.insert(owner, token, TOKEN_LIFETIME));
    }
  }

  private Map<Way, RelayCost> measure(Operation operation, Servers servers)
      throws InterruptedException {
    Map<Way, List<RelayCost>> turns = new LinkedHashMap<>();
    for (var way : Way.values()) {
      turns.put(way, new ArrayList<>());
      if (settings.warmUp().isPositive()) {
        turn(way, operation, servers, settings.warmUp());
      }
    }
    for (var round = 0; round < settings.rounds(); round++) {
      for (var turn : turns.entrySet()) {
        turn.getValue().add(turn(turn.getKey(), operation, servers, settings.turn()));
      }
    }
    Map<Way, RelayCost> costs = new LinkedHashMap<>();
    turns.forEach((way, all) -> costs.put(way, RelayCost.sum(all)));
    costs.forEach((way, cost) -> print(operation, way, cost));
    var direct = costs.getOrDefault(Way.DIRECT, RelayCost.sum(List.of()));
    var relayed = costs.getOrDefault(Way.RELAYED, RelayCost.sum(List.of()));
    System.out.printf(
        Locale.ROOT,
        "%-5s task-web for a relayed request / task-api alone = %.2f, / task-api for the same"
            + " requests = %.2f; all servers = %.2f%n",
        operation,
        relayed.each(relayed.webMillis()) / direct.each(direct.apiMillis()),
        (double) relayed.webMillis() / relayed.apiMillis(),
        relayed.totalMillisEach() / direct.totalMillisEach());
    return costs;
  }

  private void print(Operation operation, Way way, RelayCost cost) {
    System.out.printf(
        Locale.ROOT,
        "%-5s %-8s CPU ms: task-web %.3f, task-api %.3f, PostgreSQL %.3f, sum %.3f; p50 %.1f ms,"
            + " p99 %.1f ms; %.0f requests/s%n",
        operation,
        way.name().toLowerCase(Locale.ROOT),
        cost.each(cost.webMillis()),
        cost.each(cost.apiMillis()),
        cost.each(cost.databaseMillis()),
        cost.totalMillisEach(),
        cost.latency(50),
        cost.latency(99),
        (double) cost.latencies().size() / settings.rounds() / settings.turn().toSeconds());
  }

  private RelayCost turn(Way way, Operation operation, Servers servers, Duration duration)
      throws InterruptedException {
    var web = servers.web().cpuMillis();
    var api = servers.api().serverMillis();
    var database = servers.api().databaseMillis();
    var latencies =
        connections.send(
            duration,
            (client, n) -> send(client, way, operation.at(n), servers, n % owners.size()));
    return new RelayCost(
        servers.web().cpuMillis() - web,
        servers.api().serverMillis() - api,
        servers.api().databaseMillis() - database,
        latencies);
  }

  private void send(
      CloseableHttpClient client, Way way, Operation operation, Servers servers, int owner)
      throws IOException {
    var tasks = servers.uri(way, "/api/me/tasks").toString();
    var request =
        switch (operation) {
          case LIST -> new HttpGet(tasks + "?limit=20");
          case POST -> new HttpPost(tasks);
          default -> new HttpGet(tasks + "/" + servers.tasks().get(owner));
        };
    if (way == Way.DIRECT) {
      request.setHeader("Authorization", "Bearer " + tokens.get(owner));
    } else {
      request.setHeader("Cookie", browsers.get(owner).cookie());
      request.setHeader("Sec-Fetch-Site", "same-origin");
    }
    if (operation == Operation.POST) {
      request.setEntity(new StringEntity(BODY, ContentType.APPLICATION_JSON));
      if (way == Way.RELAYED) {
        request.setHeader("X-CSRF-Token", browsers.get(owner).csrf());
      }
    }
    var status = Connections.status(client, request);
    if (status != operation.status()) {
      throw new IllegalStateException(way + " " + operation + " got " + status);
    }
  }

  /** Writes a key by which task-web could authenticate at the issuer. */
  private static Path clientKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var file = Files.createTempFile("client", ".pem");
      file.toFile().deleteOnExit();
      return Files.writeString(
          file,
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder()
                  .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
              + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
