/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import rowlock.api.test.TestIssuer;

/**
 * Compares the CPU time of requests to several APIs of tasks: the server's and PostgreSQL's, per
 * request, with a fixed number of connections. The servers take turns, so other load on the machine
 * affects them alike. The client's CPU time is not counted.
 */
public final class RequestLoad {
  private static final String BODY = "{\"title\":\"Buy milk\",\"description\":\"Two litres\"}";

  private final RequestSettings settings;
  private final List<UUID> owners;
  private final List<UUID> senders;
  private final List<String> tokens = new ArrayList<>();

  RequestLoad(RequestSettings settings) {
    this.settings = settings;
    this.owners = Stream.generate(UUID::randomUUID).limit(settings.owners()).toList();
    var step = settings.owners() / settings.senders();
    this.senders =
        IntStream.range(0, settings.senders()).mapToObj(i -> owners.get(i * step)).toList();
  }

  /**
   * Prints a table. Exits with 1 if a request got an unexpected status.
   *
   * @param arguments see {@link RequestSettings#of}
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
    new RequestLoad(settings).run();
    System.exit(0);
  }

  /**
   * Measures and prints the results.
   *
   * @return the cost of each operation, by server
   * @throws IllegalStateException if a request gets an unexpected status
   */
  Map<Operation, List<Cost>> run() throws InterruptedException {
    System.out.println(settings);
    var key = TestIssuer.newKey("load");
    List<JarServer> servers = new ArrayList<>();
    try (var issuer = new TestIssuer().publish(key)) {
      settings.jars().forEach(jar -> servers.add(new JarServer(jar, issuer)));
      servers.forEach(JarServer::awaitStart);
      for (var server : servers) {
        server.fill(owners, settings.tasks());
        server.revoke(settings.revoked());
      }
      var ids = servers.stream().map(server -> server.firstTasks(senders)).toList();
      issueTokens(issuer, key);
      for (var i = 0; i < servers.size(); i++) {
        if (settings.warmUp().isPositive()) {
          turn(Operation.MIXED, servers.get(i), ids.get(i), settings.warmUp().multipliedBy(4));
        }
      }
      Map<Operation, List<Cost>> costs = new LinkedHashMap<>();
      for (var operation : settings.operations()) {
        issueTokens(issuer, key);
        costs.put(operation, measure(operation, servers, ids));
      }
      return costs;
    } finally {
      servers.forEach(JarServer::close);
    }
  }

  /** Access tokens expire after minutes, so each operation gets new ones. */
  private void issueTokens(TestIssuer issuer, RSAKey key) {
    tokens.clear();
    senders.forEach(owner -> tokens.add(issuer.token(key, owner)));
  }

  private List<Cost> measure(Operation operation, List<JarServer> servers, List<List<UUID>> ids)
      throws InterruptedException {
    List<List<Cost>> turns = new ArrayList<>();
    for (var i = 0; i < servers.size(); i++) {
      turns.add(new ArrayList<>());
      if (settings.warmUp().isPositive()) {
        turn(operation, servers.get(i), ids.get(i), settings.warmUp());
      }
    }
    for (var round = 0; round < settings.rounds(); round++) {
      for (var i = 0; i < servers.size(); i++) {
        turns.get(i).add(turn(operation, servers.get(i), ids.get(i), settings.turn()));
      }
    }
    var costs = turns.stream().map(Cost::sum).toList();
    for (var i = 0; i < costs.size(); i++) {
      var cost = costs.get(i);
      System.out.printf(
          Locale.ROOT,
          "%-13s %.3f ms CPU (server %.3f, PostgreSQL %.3f) = %.2f; p50 %.1f ms, p99 %.1f ms; %.0f"
              + " requests/s; %d MiB; %s%n",
          operation,
          cost.millisEach(),
          cost.serverMillisEach(),
          cost.databaseMillisEach(),
          cost.millisEach() / costs.getFirst().millisEach(),
          cost.latency(50),
          cost.latency(99),
          (double) cost.latencies().size() / settings.rounds() / settings.turn().toSeconds(),
          servers.get(i).residentMebibytes(),
          servers.get(i).name());
    }
    return costs;
  }

  private Cost turn(Operation operation, JarServer server, List<UUID> ids, Duration duration)
      throws InterruptedException {
    var serverBefore = server.serverMillis();
    var databaseBefore = server.databaseMillis();
    var latencies =
        new Connections(settings.connections())
            .send(duration, (client, n) -> send(client, operation.at(n), server, ids, n));
    return new Cost(
        server.serverMillis() - serverBefore, server.databaseMillis() - databaseBefore, latencies);
  }

  private void send(
      CloseableHttpClient client, Operation operation, JarServer server, List<UUID> ids, int n)
      throws IOException {
    var tasks = server.uri("/api/me/tasks").toString();
    var request =
        switch (operation) {
          case LIST -> new HttpGet(tasks + "?limit=20");
          case POST -> new HttpPost(tasks);
          case GET, MIXED, BAD_SIGNATURE, REPEATED_BAD_SIGNATURE ->
              new HttpGet(tasks + "/" + ids.get(n % senders.size()));
        };
    request.setHeader("Authorization", "Bearer " + token(operation, n));
    if (operation == Operation.POST) {
      request.setEntity(new StringEntity(BODY, ContentType.APPLICATION_JSON));
    }
    var status = Connections.status(client, request);
    if (status != operation.status()) {
      throw new IllegalStateException(server.name() + ": " + operation + " got " + status);
    }
  }

  /**
   * Returns the owner's token. For a bad signature it has the signature of another owner's token,
   * either changed by the number of the request, so that no server has seen it, or as it is.
   */
  private String token(Operation operation, int n) {
    var owner = n % senders.size();
    var token = tokens.get(owner);
    if (operation != Operation.BAD_SIGNATURE && operation != Operation.REPEATED_BAD_SIGNATURE) {
      return token;
    }
    var other = tokens.get((owner + 1) % tokens.size());
    var signature = new StringBuilder(other.substring(other.lastIndexOf('.')));
    if (operation == Operation.BAD_SIGNATURE) {
      var changed = "%08x".formatted(n);
      signature.replace(8, 8 + changed.length(), changed);
    }
    return token.substring(0, token.lastIndexOf('.')) + signature;
  }
}
