/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rowlock.local.testing.TestServers;

class KeycloakServerIT {
  private static final KeycloakSpec WITH_REALM =
      new KeycloakSpec(List.of(), List.of(Path.of("src/test/resources/garden-realm.json")));

  @Test
  void theRealmFileIsImported() throws Exception {
    var keycloak = TestServers.keycloak(WITH_REALM);

    var answer = get(keycloak.issuer("garden") + "/.well-known/openid-configuration");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"issuer\":\"" + keycloak.issuer("garden") + "\"");
  }

  @Test
  void theAdministratorGetsATokenThatWorks() throws Exception {
    var keycloak = TestServers.keycloak(WITH_REALM);

    var token = adminToken(keycloak);

    var realm =
        HttpRequest.newBuilder(URI.create(keycloak.url() + "/admin/realms/garden"))
            .header("Authorization", "Bearer " + token)
            .build();
    assertThat(send(realm).statusCode()).isEqualTo(200);
  }

  @Test
  void whenKilledAndRestarted_thenItServesTheSameRealmOnTheSamePort() throws Exception {
    var keycloak = TestServers.keycloak(WITH_REALM);
    var keys = keycloak.issuer("garden") + "/protocol/openid-connect/certs";
    var before = get(keys).body();

    keycloak.kill();
    keycloak.restart();

    assertThat(get(keys).body()).isEqualTo(before);
  }

  @Test
  void healthAndMetricsAreOnTheManagementPortOnly() throws Exception {
    var keycloak = TestServers.keycloak(WITH_REALM);

    assertThat(get(keycloak.managementUrl() + "/metrics").statusCode()).isEqualTo(200);
    assertThat(get(keycloak.url() + "/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void incompleteBodiesHoldWorkerThreadsForSecondsOnly() throws Exception {
    var keycloak = TestServers.keycloak(WITH_REALM);
    adminToken(keycloak);
    var connections = new ArrayList<Socket>();
    try {
      for (var i = 0; i < 60; i++) {
        var connection = new Socket("127.0.0.1", keycloak.url().getPort());
        connections.add(connection);
        connection.setSoTimeout(30_000);
        connection
            .getOutputStream()
            .write(
                ("POST /realms/garden/protocol/openid-connect/token HTTP/1.1\r\nHost: localhost:"
                        + keycloak.url().getPort()
                        + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: 1000\r\n\r\ngrant_type=")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      var start = System.nanoTime();

      assertThat(adminToken(keycloak)).isNotEmpty();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      for (var connection : connections) {
        // answered with an error or closed
        assertThat(
                new String(connection.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
            .doesNotStartWith("HTTP/1.1 2");
      }
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  private static String adminToken(KeycloakServer keycloak) throws Exception {
    var form =
        "grant_type=password&client_id=admin-cli&username="
            + keycloak.adminUser()
            + "&password="
            + keycloak.adminPassword();
    var request =
        HttpRequest.newBuilder(
                URI.create(keycloak.issuer("master") + "/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    var body = send(request).body();
    return body.replaceFirst(".*\"access_token\":\"([^\"]+)\".*", "$1");
  }

  private static HttpResponse<String> get(String address) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address)).build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request, BodyHandlers.ofString());
    }
  }
}
