/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.local.login.Tokens;

/** Checks two of each server behind the proxy, with the compose files as they are. */
@Tag("thorough")
class ComposeClusterIT {
  private static final int CALLS = 30;

  private static Compose stack;
  private static TestUsers people;

  @BeforeAll
  static void start() throws Exception {
    stack = Compose.cluster();
    Http.trust(stack.run("exec", "-T", "proxy", "cat", "/run/secrets/authority.pem"));
    people = new TestUsers(stack);
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void userSignsInOverTls_andAddsATask() throws Exception {
    var visitor = new BrowserUser(stack).signedIn(people.make());
    assertThat(visitor.add("Water the plants").statusCode()).isEqualTo(201);
    assertThat(visitor.tasks().body()).contains("Water the plants");
    assertThat(visitor.signOut().statusCode()).isEqualTo(200);
    assertThat(visitor.session().path("signedIn").asBoolean()).isFalse();
  }

  @Test
  void logout_endsTheTokenAtEachApi() throws Exception {
    var flow = people.program();
    var tokens = flow.login(people.make(), TestUsers.PASSWORD);
    var nodes = stack.containers("api");
    assertThat(nodes)
        .hasSize(2)
        .allSatisfy(node -> assertThat(status(node, tokens)).isEqualTo(200));

    flow.logout(tokens.requireRefreshToken());

    assertThat(nodes).allSatisfy(node -> assertThat(status(node, tokens)).isEqualTo(401));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "api", "keycloak"})
  void serverKilled_otherOneTakesOver(String service) throws Exception {
    var person = people.make();
    var visitor = new BrowserUser(stack).signedIn(person);
    var flow = people.program();
    var tokens = flow.login(person, TestUsers.PASSWORD);
    var killed = stack.containers(service).getLast();

    stack.docker("kill", killed);
    try {
      for (var call = 0; call < CALLS; call++) {
        assertThat(visitor.tasks().statusCode()).isEqualTo(200);
        assertThat(people.tasks(tokens.accessToken()).statusCode()).isEqualTo(200);
      }
      assertThat(visitor.add("Without " + service).statusCode()).isEqualTo(201);
      var refreshed = flow.refresh(tokens.requireRefreshToken());
      assertThat(people.tasks(refreshed.accessToken()).body()).contains("Without " + service);
      assertThat(new BrowserUser(stack).signedIn(person).tasks().statusCode()).isEqualTo(200);

      flow.logout(refreshed.requireRefreshToken());
      // immediately, unless the push first went to the killed server and is repeated
      var end = System.nanoTime() + 60_000_000_000L;
      int status;
      do {
        status = people.tasks(refreshed.accessToken()).statusCode();
      } while (status == 200 && System.nanoTime() < end);
      assertThat(status).isEqualTo(401);
    } finally {
      stack.up();
    }
    assertThat(stack.containers(service)).hasSize(2);
    assertThat(visitor.tasks().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "api", "keycloak"})
  void serverRestarted_noCallFails(String service) throws Exception {
    var person = people.make();
    var visitor = new BrowserUser(stack).signedIn(person);
    var flow = people.program();
    var tokens = flow.login(person, TestUsers.PASSWORD);
    var restarted = stack.containers(service).getFirst();

    var healthy =
        CompletableFuture.runAsync(
            () -> {
              stack.docker("restart", restarted);
              stack.up();
            });
    var calls = 0;
    try {
      while (!healthy.isDone()) {
        tokens = flow.refresh(tokens.requireRefreshToken());
        assertThat(people.tasks(tokens.accessToken()).statusCode()).isEqualTo(200);
        assertThat(visitor.tasks().statusCode()).isEqualTo(200);
        assertThat(visitor.add("Call " + ++calls).statusCode()).isEqualTo(201);
      }
    } finally {
      healthy.join();
    }
    assertThat(calls).isGreaterThan(CALLS);
  }

  @Test
  void keycloakNodes_formOneCluster() {
    assertThat(stack.containers("keycloak"))
        .allSatisfy(
            node ->
                assertThat(stack.inside(node, 9000, "GET /metrics HTTP/1.0"))
                    .containsPattern("vendor_cluster_size\\{[^}]*} 2\\.0"));
  }

  @Test
  void forwardedHeadersOfClients_areRemovedByTheProxy() throws Exception {
    var answer =
        Http.send(
            HttpRequest.newBuilder(URI.create(stack.api("/api/me/tasks")))
                .header("X-Forwarded-For", "198.51.100.99")
                .header("Authorization", "Bearer nonsense"));
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    var proxy = stack.containers("proxy").getFirst();
    List<String> visitors = new ArrayList<>();
    Http.json(stack.docker("inspect", proxy))
        .at("/0/NetworkSettings/Networks")
        .properties()
        .forEach(
            network -> {
              if (network.getKey().endsWith("_outside")) {
                visitors.add(network.getValue().get("Gateway").asText());
              }
            });
    assertThat(visitors).hasSize(1);
    assertThat(stack.run("logs", "--no-color", "--no-log-prefix", "api"))
        .contains("\"client\":\"" + visitors.getFirst() + "\"")
        .doesNotContain("198.51.100.99");
  }

  @Test
  void incompleteBodiesDelayNoLogin() throws Exception {
    var person = people.make();
    var token = URI.create(stack.keycloak("/realms/rowlock/protocol/openid-connect/token"));
    try (var attacker = new Attacker(token.getPort(), "127.0.0.1")) {
      // the engine gives all clients of this machine one address; its limit leaves room for a login
      for (var i = 0; i < 80; i++) {
        assertThat(attacker.open(Attacker.incomplete(token))).isTrue();
      }
      var start = System.nanoTime();

      new BrowserUser(stack).signedIn(person);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      assertThat(attacker.statuses()).containsOnly(408);
    }
  }

  @Test
  void administration_publicAddress_isLimitedToNamedNetworks() throws Exception {
    var person = people.make();
    assertThat(statusOf("/admin/master/console/")).isEqualTo(200);
    stack.set("ROWLOCK_ADMIN_FROM", "192.0.2.0/24 198.51.100.7");
    try {
      stack.up();
      assertThat(
              List.of(
                  "/",
                  "/admin/master/console/",
                  "/%61dmin/master/console/",
                  "//admin/master/console/",
                  "/realms/master/.well-known/openid-configuration",
                  "/realms/rowlock/%2E%2e/master/.well-known/openid-configuration",
                  "/resources/..;/admin/master/console/",
                  "/realms/rowlock"))
          .allSatisfy(path -> assertThat(statusOf(path)).as(path).isEqualTo(404));
      assertThat(statusOf("/realms/rowlock/.well-known/openid-configuration")).isEqualTo(200);
      var tokens = people.program().login(person, TestUsers.PASSWORD);
      assertThat(people.tasks(tokens.accessToken()).statusCode()).isEqualTo(200);
    } finally {
      stack.set("ROWLOCK_ADMIN_FROM", "");
      stack.up();
    }
  }

  private static int statusOf(String path) throws Exception {
    return Http.send(HttpRequest.newBuilder(URI.create(stack.keycloak(path)))).statusCode();
  }

  @Test
  void containers_areHardened_andOnlyTheProxyIsReachable() throws Exception {
    List<String> published = new ArrayList<>();
    assertThat(stack.containers()).hasSize(8);
    for (var container : stack.containers()) {
      var found = Http.json(stack.docker("inspect", container)).get(0);
      Hardening.check(found);
      found
          .at("/HostConfig/PortBindings")
          .properties()
          .forEach(port -> published.add(port.getKey() + " " + port.getValue()));
    }
    assertThat(published).singleElement().asString().startsWith("8443/tcp").contains("127.0.0.1");
  }

  @Test
  void proxy_exposesTheMetricsOfTheAlerts() {
    var asked = Observability.metrics();
    asked.removeIf(name -> !name.startsWith("haproxy_"));
    var proxy = stack.containers("proxy").getFirst();
    assertThat(asked).isNotEmpty();
    assertThat(Observability.exposed(stack.inside(proxy, 8404, "GET /metrics HTTP/1.0")))
        .containsAll(asked);
  }

  private static int status(String node, Tokens tokens) {
    var answer =
        stack.inside(
            node,
            8081,
            "GET /api/me/tasks HTTP/1.0",
            "Authorization: Bearer " + tokens.accessToken());
    return Integer.parseInt(answer.split(" ", 3)[1]);
  }
}
