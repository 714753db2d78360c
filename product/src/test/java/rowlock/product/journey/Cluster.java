/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;
import rowlock.product.TaskApiProcess;
import rowlock.product.TestProduct;
import rowlock.product.journey.LoadBalancer.Node;
import rowlock.realm.Realm;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs two nodes of Keycloak and two processes of task-api. Each pair shares a database and an
 * address.
 */
final class Cluster implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(100);

  private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(20);

  /** Longer than the load balancer needs to notice. */
  private static final String DELAY = "2s";

  private final LoadBalancer logins = new LoadBalancer();
  private final LoadBalancer apis = new LoadBalancer();
  private final List<KeycloakServer> keycloaks = new ArrayList<>();
  private final List<TaskApiProcess> processes = new ArrayList<>();

  Cluster() {
    keycloaks.addAll(
        TestServers.newKeycloakNodes(
            TestProduct.keycloakSpec().withOptions(options()), 2, logins.address("")));
    keycloaks.forEach(node -> logins.add(node(node)));
    var settings =
        Stream.concat(
                TestProduct.apiSettings(keycloaks.get(0), TestServers.postgres()).stream(),
                Stream.of("--rowlock.shutdown.delay=" + DELAY))
            .toList();
    awaitReady(logins);
    processes.addAll(TaskApiProcess.start(settings, 2));
    processes.forEach(process -> apis.add(node(process)));
    awaitReady(apis);
    TestProduct.sendEventsTo(
        keycloaks.get(0),
        apis.address("/events").toString(),
        apis.address("/.well-known/jwks.json"));
  }

  /** Returns the options of {@code start} for each node. */
  static String[] options() {
    return Stream.concat(
            TestProduct.keycloakSpec().options().stream(), Stream.of("--shutdown-delay=" + DELAY))
        .toArray(String[]::new);
  }

  static Node node(KeycloakServer server) {
    return new Node(server.url(), URI.create(server.managementUrl() + "/health/ready"));
  }

  static Node node(TaskApiProcess process) {
    return new Node(process.api(""), process.management("/actuator/health/readiness"));
  }

  LoadBalancer logins() {
    return logins;
  }

  LoadBalancer apis() {
    return apis;
  }

  KeycloakServer keycloak(int index) {
    return keycloaks.get(index);
  }

  TaskApiProcess api(int index) {
    return processes.get(index);
  }

  /** Replaces a server that has ended. */
  void replace(int index, KeycloakServer next) {
    logins.remove(node(keycloaks.set(index, next)));
    logins.add(node(next));
    awaitReady(logins);
  }

  void awaitAll() {
    awaitReady(logins);
    awaitReady(apis);
  }

  private static void awaitReady(LoadBalancer nodes) {
    await().atMost(LONG).untilAsserted(() -> assertThat(nodes.notReady()).isEmpty());
  }

  /** Creates users, each with one session. */
  List<ActiveUser> users(int count) {
    var names =
        IntStream.range(0, count).mapToObj(i -> "p" + UUID.randomUUID() + "@example.org").toList();
    var users =
        names.stream()
            .map(
                name ->
                    Map.<String, Object>of(
                        "username",
                        name,
                        "email",
                        name,
                        "emailVerified",
                        true,
                        "enabled",
                        true,
                        "credentials",
                        List.of(Map.of("type", "password", "value", TestProduct.PASSWORD))))
            .toList();
    new AdminApi(keycloaks.get(1))
        .post(
            "/realms/" + Realm.NAME + "/partialImport",
            JsonMapper.shared()
                .writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", users)));
    var flow = TestProduct.signIn(keycloaks.get(1));
    var keycloak = new FailoverClient(logins);
    var api = new FailoverClient(apis);
    return names.stream()
        .map(name -> new ActiveUser(keycloak, api, flow.login(name, TestProduct.PASSWORD)))
        .toList();
  }

  /**
   * Asserts that each ready process rejects the user's newest access token. A push may arrive after
   * the response to the logout when the machine is busy; {@code EachProcessIT} asserts that it
   * arrives before. A process that is killed meanwhile is skipped.
   */
  void assertRejected(ActiveUser user) {
    for (var process : processes) {
      await()
          .atMost(DELIVERY_LIMIT)
          .ignoreException(UncheckedIOException.class)
          .untilAsserted(
              () -> {
                if (apis.isReady(node(process))) {
                  assertThat(status(process, user)).isEqualTo(401);
                }
              });
    }
  }

  static int status(TaskApiProcess process, ActiveUser user) {
    return Person.send(
            HttpRequest.newBuilder(process.api("/api/me/tasks"))
                .header("Authorization", "Bearer " + user.accessToken())
                .timeout(Duration.ofSeconds(15))
                .build())
        .status();
  }

  @Override
  public void close() {
    processes.forEach(TaskApiProcess::close);
    keycloaks.forEach(KeycloakServer::close);
    apis.close();
    logins.close();
  }
}
