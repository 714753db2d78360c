/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks the whole stack in real containers, with the compose file as it is. */
@Tag("thorough")
class ComposeIT {
  // Metrics of Prometheus itself, and ours that need a failure. ObservabilityTest checks that the
  // code has them.
  private static final Set<String> NOT_PROVOKED =
      Set.of(
          "up",
          "ALERTS",
          "rowlock_budget_total",
          "rowlock_events_dead_letters",
          "rowlock_events_failed_total",
          "rowlock_events_oldest_seconds",
          "rowlock_events_pending",
          "rowlock_guess_refused_total",
          "rowlock_listener_failures_total",
          "rowlock_mail_refused_total",
          "rowlock_new_browser_mail_total",
          "rowlock_password_check_total",
          "rowlock_requests_rejected_total",
          "rowlock_password_file_failed_total",
          "rowlock_registration_guard_total",
          "rowlock_web_refresh_seconds_count");

  private static Compose stack;
  private static TestUsers people;

  @BeforeAll
  static void start() {
    stack = Compose.single();
    people = new TestUsers(stack);
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void program_addsATask_andLogoutEndsItsToken() throws Exception {
    var flow = people.program();
    var tokens = flow.login(people.make(), TestUsers.PASSWORD);
    assertThat(people.addTask(tokens.accessToken(), "Water the plants").statusCode())
        .isEqualTo(201);
    assertThat(people.tasks(tokens.accessToken()).body()).contains("Water the plants");

    flow.logout(tokens.requireRefreshToken());

    assertThat(people.tasks(tokens.accessToken()).statusCode()).isEqualTo(401);
  }

  @Test
  void browserSession_outlivesItsAccessToken_untilSignOut() throws Exception {
    var visitor = new BrowserUser(stack).signedIn(people.make());
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
    assertThat(visitor.add("Feed the cat").statusCode()).isEqualTo(201);

    people.tokensLive(10);
    try {
      var person = people.make();
      var other = new BrowserUser(stack).signedIn(person);
      var before = refreshes();
      var end = System.nanoTime() + 15_000_000_000L;
      while (System.nanoTime() < end) {
        assertThat(other.tasks().statusCode()).isEqualTo(200);
      }
      assertThat(refreshes()).isGreaterThan(before);
    } finally {
      people.tokensLive(300);
    }

    assertThat(visitor.tasks().body()).contains("Feed the cat");
    assertThat(visitor.signOut().statusCode()).isEqualTo(200);
    assertThat(visitor.session().path("signedIn").asBoolean()).isFalse();
    assertThat(visitor.tasks().statusCode()).isEqualTo(401);
  }

  @Test
  void sessionEndedByAdministrator_signsTheBrowserOut() throws Exception {
    var person = people.make();
    var visitor = new BrowserUser(stack).signedIn(person);
    people.signOut(person);
    assertThat(visitor.session().path("reason").asText()).isEqualTo("ended");
  }

  @Test
  void restart_keepsSessionsTokensAndTasks() throws Exception {
    var person = people.make();
    var visitor = new BrowserUser(stack).signedIn(person);
    visitor.add("Still here");
    var flow = people.program();
    var tokens = flow.login(person, TestUsers.PASSWORD);

    stack.run("restart", "--timeout", "20");
    stack.up();

    assertThat(visitor.tasks().body()).contains("Still here");
    assertThat(people.tasks(tokens.accessToken()).body()).contains("Still here");
    assertThat(flow.refresh(tokens.requireRefreshToken()).accessToken()).isNotEmpty();
  }

  @Test
  void newContainers_keepDataAndSecrets() throws Exception {
    var person = people.make();
    var visitor = new BrowserUser(stack).signedIn(person);
    visitor.add("Still here");
    var administrator = people.administratorsPassword();

    stack.run("down", "--timeout", "20");
    stack.up();

    assertThat(people.administratorsPassword()).isEqualTo(administrator);
    assertThat(visitor.tasks().body()).contains("Still here");
    assertThat(new BrowserUser(stack).signedIn(person).tasks().body()).contains("Still here");
  }

  @Test
  void apiLog_hasTheAddressOfTheUserAndNotOfTaskWeb() throws Exception {
    var person = people.make();
    var visitor = new BrowserUser(stack).signedIn(person);
    var web = stack.containers("web").getFirst();
    var networks = Http.json(stack.docker("inspect", web)).at("/0/NetworkSettings/Networks");
    List<String> visitors = new ArrayList<>();
    networks
        .properties()
        .forEach(
            network -> {
              if (network.getKey().endsWith("_outside")) {
                visitors.add(network.getValue().get("Gateway").asText());
              }
            });

    // task-web is down when the session ends, so it calls the API with a revoked token
    stack.run("stop", "web");
    var asked = System.nanoTime();
    try {
      people.signOut(person);
      assertThat(Duration.ofNanos(System.nanoTime() - asked))
          .as("a receiver that is down does not delay the logout")
          .isLessThan(Duration.ofSeconds(20));
    } finally {
      stack.up();
    }
    assertThat(visitor.tasks().statusCode()).isEqualTo(401);

    assertThat(visitors).hasSize(1);
    assertThat(stack.run("logs", "--no-color", "--no-log-prefix", "api").lines())
        .filteredOn(line -> line.contains("\"authentication_refused\""))
        .anySatisfy(
            line -> assertThat(line).contains("\"client\":\"" + visitors.getFirst() + "\""));
  }

  @Test
  void forwardedHeadersOfClients_areIgnored() throws Exception {
    Http.send(
        HttpRequest.newBuilder(URI.create(stack.api("/api/me/tasks")))
            .header("X-Forwarded-For", "198.51.100.99")
            .header("Authorization", "Bearer nonsense"));
    assertThat(stack.run("logs", "--no-color", "--no-log-prefix", "api"))
        .contains("\"authentication_refused\"")
        .doesNotContain("198.51.100.99");
  }

  @Test
  void servers_exposeTheMetricsOfDashboardAndAlerts() throws Exception {
    var flow = people.program();
    var person = people.make();
    var tokens = flow.login(person, TestUsers.PASSWORD);
    flow.refresh(tokens.requireRefreshToken());
    flow.logout(tokens.requireRefreshToken());
    var visitor = new BrowserUser(stack).signedIn(person);
    visitor.add("Counted");
    visitor.signOut();

    Set<String> exposed = new TreeSet<>();
    exposed.addAll(metrics("keycloak", 9000, "/metrics"));
    exposed.addAll(metrics("api", 8082, "/actuator/prometheus"));
    exposed.addAll(metrics("web", 8001, "/actuator/prometheus"));
    Set<String> missing = new TreeSet<>(Observability.metrics());
    missing.removeAll(exposed);
    missing.removeIf(name -> name.startsWith("haproxy_") || NOT_PROVOKED.contains(name));
    assertThat(missing).isEmpty();
  }

  private static Set<String> metrics(String service, int port, String path) {
    return Observability.exposed(
        stack.inside(stack.containers(service).getFirst(), port, "GET " + path + " HTTP/1.0"));
  }

  @Test
  void everyContainerIsHardened() throws Exception {
    assertThat(stack.containers()).hasSize(4);
    for (var container : stack.containers()) {
      Hardening.check(Http.json(stack.docker("inspect", container)).get(0));
    }
  }

  @Test
  void secrets_areInNoSettingAndNoImage() throws Exception {
    var secrets = secrets();
    assertThat(secrets).hasSizeGreaterThan(10).allMatch(secret -> secret.length() > 30);
    for (var container : stack.containers()) {
      var found = stack.docker("inspect", container);
      assertThat(found).doesNotContain(secrets);
      var settings = Http.json(found).get(0);
      assertThat(settings.at("/Config/Env").toString()).doesNotContainPattern("PASSWORD=[^\"]");
      var image = settings.get("Image").asText();
      assertThat(stack.docker("image", "inspect", image)).doesNotContain(secrets);
      assertThat(stack.docker("image", "history", "--no-trunc", image)).doesNotContain(secrets);
    }
    assertThat(stack.run("logs", "--no-color")).doesNotContain(secrets);
  }

  @Test
  void publicPorts_areTheOnlyOnes_andOnLoopback() throws Exception {
    List<String> published = new ArrayList<>();
    for (var container : stack.containers()) {
      Http.json(stack.docker("inspect", container))
          .at("/0/HostConfig/PortBindings")
          .properties()
          .forEach(
              port -> {
                published.add(port.getKey());
                assertThat(port.getValue())
                    .allSatisfy(
                        binding ->
                            assertThat(binding.get("HostIp").asText()).isEqualTo("127.0.0.1"));
              });
    }
    assertThat(published).containsExactlyInAnyOrder("8000/tcp", "8080/tcp", "8081/tcp");
  }

  /** Returns one line of each secret file, as the servers see them. */
  private static List<String> secrets() {
    List<String> all = new ArrayList<>();
    for (var service : List.of("db", "keycloak", "api", "web")) {
      stack
          .run(
              "exec",
              "-T",
              service,
              "bash",
              "-c",
              "for f in $(find /run/secrets -type f); do head -n 2 $f | tail -n 1; echo; done")
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(all::add);
    }
    return all;
  }

  private static double refreshes() {
    var web = stack.containers("web").getFirst();
    return stack
        .inside(web, 8001, "GET /actuator/prometheus HTTP/1.0")
        .lines()
        .filter(line -> line.startsWith("rowlock_web_refresh_seconds_count{outcome=\"done\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
