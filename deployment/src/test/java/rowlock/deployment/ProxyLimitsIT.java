/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.deployment.Haproxy.Place;
import rowlock.deployment.Haproxy.Server;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;

/**
 * Checks the proxy's configuration in front of a real Keycloak: incomplete requests of one address
 * block neither a worker thread nor another user. Tests that wait for a time limit run
 * concurrently, each with addresses of its own.
 */
class ProxyLimitsIT {
  private static final String TOKEN = "/realms/master/protocol/openid-connect/token";
  private static final int CONNECTIONS = 100;

  /** Below five seconds, the maximum time that a worker thread of Keycloak waits for a body. */
  private static final Duration LOGIN_LIMIT = Duration.ofSeconds(4);

  @TempDir static Path folder;

  private static BlockingServer api;
  private static BlockingServer web;
  private static KeycloakServer keycloak;
  private static Haproxy proxy;

  @BeforeAll
  static void start() throws Exception {
    api = new BlockingServer();
    web = new BlockingServer();
    keycloak = TestServers.keycloak(new KeycloakSpec(List.of(), List.of()));
    proxy = Haproxy.start(folder, servers(), Map.of());
    assertThat(login().statusCode()).isEqualTo(200);
  }

  private static Map<Server, Place> servers() {
    return Map.of(
        Server.KEYCLOAK,
        new Place(keycloak.url().getPort(), keycloak.managementUrl().getPort()),
        Server.API,
        api.place(),
        Server.WEB,
        web.place());
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (web != null) {
      web.close();
    }
    api.close();
  }

  @Test
  @Execution(CONCURRENT)
  void incompleteBodiesOfTwoAddresses_doNotDelayALogin() throws Exception {
    try (var one = new Attacker(proxy, "127.0.0.2");
        var other = new Attacker(proxy, "127.0.0.3")) {
      for (var i = 0; i < CONNECTIONS; i++) {
        assertThat(one.open(Attacker.incomplete(proxy.at("login", TOKEN)))).isTrue();
        assertThat(other.open(Attacker.incomplete(proxy.at("login", TOKEN)))).isTrue();
      }

      assertLoginIsQuick();

      assertThat(one.statuses()).hasSize(CONNECTIONS).containsOnly(408);
      assertThat(other.statuses()).hasSize(CONNECTIONS).containsOnly(408);
    }
  }

  @Test
  void incompleteHttp2Bodies_doNotDelayALogin() throws Exception {
    try (var attacker = new Attacker(proxy, "127.0.0.4")) {
      attacker.openStreams(proxy.at("login", TOKEN), 20, 16);

      assertLoginIsQuick();
    }
  }

  @ParameterizedTest
  @CsvSource({"tasks, 127.0.0.5", "api, 127.0.0.10"})
  @Execution(CONCURRENT)
  void incompleteBodies_doNotReachTheOtherServers(String name, String address) throws Exception {
    var server = name.equals("api") ? api : web;
    var path = "/incomplete";
    try (var attacker = new Attacker(proxy, address)) {
      for (var i = 0; i < CONNECTIONS; i++) {
        assertThat(attacker.open(Attacker.incomplete(proxy.at(name, path)))).isTrue();
      }

      assertThat(post(proxy.at(name, path), "complete").body()).isEqualTo("8");

      assertThat(attacker.statuses()).containsOnly(408);
      assertThat(server.requests(path)).isEqualTo(1);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void headersThatDoNotEnd_areClosedAfterTenSeconds() throws Exception {
    try (var attacker = new Attacker(proxy, "127.0.0.6")) {
      for (var i = 0; i < CONNECTIONS; i++) {
        assertThat(attacker.open("GET / HTTP/1.1\r\nHost: login.localhost\r\nX-A: ")).isTrue();
      }

      assertLoginIsQuick();

      assertThat(attacker.statuses()).containsOnly(408);
    }
  }

  @Test
  void responsesThatAreNotRead_doNotDelayALogin() throws Exception {
    var console =
        Http.send(HttpRequest.newBuilder(proxy.at("login", "/admin/master/console/"))).body();
    var sheet = Pattern.compile("/resources/[^\"']+/main[^\"']*\\.css").matcher(console);
    assertThat(sheet.find()).isTrue();
    try (var one = new Attacker(proxy, "127.0.0.8");
        var other = new Attacker(proxy, "127.0.0.9")) {
      for (var i = 0; i < CONNECTIONS; i++) {
        var request =
            "GET %s HTTP/1.1\r\nHost: login.localhost:%d\r\n\r\n"
                .formatted(sheet.group(), proxy.port());
        assertThat(one.open(request)).isTrue();
        assertThat(other.open(request)).isTrue();
      }

      assertLoginIsQuick();
    }
  }

  @Test
  void connections_ofOneAddress_areLimited() throws Exception {
    try (var attacker = new Attacker(proxy, "127.0.0.7")) {
      var accepted = 0;
      for (var i = 0; i < 2 * CONNECTIONS; i++) {
        accepted += attacker.open("GET / HTTP/1.1\r\n") ? 1 : 0;
      }

      assertThat(accepted).isEqualTo(CONNECTIONS);
      assertLoginIsQuick();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "login, /realms/master/x, 24577, 413",
    "login, /realms/master/x, 24576, 404",
    "login, /realms/master/../x, 10, 404",
    "login, /admin/%2e%2e/realms/master/x, 10, 404",
    "api, /x, 500000, 200",
    "tasks, /x, 500000, 200"
  })
  void body_forKeycloak_isLimitedToTheBuffer(String name, String path, int length, int status)
      throws Exception {
    assertThat(post(proxy.at(name, path), "x".repeat(length)).statusCode()).isEqualTo(status);
  }

  @Test
  void headers_areLimited_leavingRoomForTheBody() throws Exception {
    var answer =
        Http.send(
            HttpRequest.newBuilder(proxy.at("login", "/realms/master"))
                .header("X-Long", "x".repeat(16_400)));

    assertThat(answer.statusCode()).isEqualTo(431);
  }

  private static void assertLoginIsQuick() throws Exception {
    var start = System.nanoTime();
    assertThat(login().statusCode()).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LOGIN_LIMIT);
  }

  private static HttpResponse<String> login() throws Exception {
    return post(
        proxy.at("login", TOKEN),
        "grant_type=password&client_id=admin-cli&username=%s&password=%s"
            .formatted(keycloak.adminUser(), keycloak.adminPassword()));
  }

  private static HttpResponse<String> post(URI target, String body) throws Exception {
    return Http.send(
        HttpRequest.newBuilder(target)
            // a proxy that refuses the body and closes the connection during the transfer can
            // discard its own response
            .expectContinue(true)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }
}
