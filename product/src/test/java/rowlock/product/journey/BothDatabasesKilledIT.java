/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;

/** Kills Keycloak's and task-api's databases while events are pending. */
@Tag("thorough")
class BothDatabasesKilledIT {
  private static final Duration LONG = Duration.ofSeconds(120);

  @Test
  void bothDatabasesKilled_pendingEvents_areAppliedOnce() {
    try (var keycloaks = TestServers.newKeycloakPostgres(TestProduct.keycloakSpec());
        var keycloak = TestServers.newKeycloak(TestProduct.keycloakSpec(), keycloaks);
        var tasks = TestServers.newPostgres();
        var rowlock = Rowlock.on(keycloak, tasks);
        var network = new TcpProxy(rowlock.api("/").getPort())) {
      rowlock.receiveEventsAt(network.url("/events"));
      var left = rowlock.newPerson();
      var deleted = rowlock.newPerson();
      var stays = rowlock.newPerson();
      assertThat(deleted.send("POST", "/api/me/tasks", "{\"title\":\"Milk\"}").status())
          .isEqualTo(201);

      network.cut();
      rowlock.signIn().logout(left.tokens().refreshToken());
      new AdminApi(keycloak).delete("/realms/" + Realm.NAME + "/users/" + deleted.subject());
      assertThat(list(left)).as("event not delivered yet").isEqualTo(200);
      keycloaks.kill();
      tasks.kill();
      network.restore();
      keycloaks.restart();
      tasks.restart();

      await().atMost(LONG).untilAsserted(() -> assertThat(list(left)).isEqualTo(401));
      await().atMost(LONG).untilAsserted(() -> assertThat(list(deleted)).isEqualTo(401));
      assertThat(list(stays)).isEqualTo(200);
      await().atMost(LONG).until(() -> pending(keycloak) == 0);
      assertThat(rows(rowlock, "rowlock.revoked_session")).isEqualTo(1);
      assertThat(rows(rowlock, "rowlock.account_gate")).isEqualTo(1);
      assertThat(rows(rowlock, "rowlock.account_gate where erase_after is not null")).isEqualTo(1);
      var removed =
          rowlock
              .database()
              .queryForObject(
                  "select sub from rowlock.account_gate where removed_at is not null", UUID.class);
      assertThat(removed).isEqualTo(UUID.fromString(deleted.subject()));

      var next = rowlock.newPerson();
      assertThat(list(next)).isEqualTo(200);
      rowlock.signIn().logout(next.tokens().refreshToken());
      assertThat(list(next)).as("pushed before the logout is answered").isEqualTo(401);
    }
  }

  private static int list(Person person) {
    return person.get("/api/me/tasks").status();
  }

  private static long rows(Rowlock rowlock, String table) {
    var count = rowlock.database().queryForObject("select count(*) from " + table, Long.class);
    return count == null ? 0 : count;
  }

  /**
   * Returns the number of pending events by Keycloak's metrics, or -1 while there is no such
   * metric.
   */
  private static double pending(KeycloakServer keycloak) {
    var metrics =
        Person.send(
                HttpRequest.newBuilder(URI.create(keycloak.managementUrl() + "/metrics")).build())
            .body();
    return metrics.contains("rowlock_events_total")
        ? metrics
            .lines()
            .filter(line -> line.startsWith("rowlock_events_pending{"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum()
        : -1;
  }
}
