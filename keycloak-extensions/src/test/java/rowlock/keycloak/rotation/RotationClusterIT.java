/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.ExtensionServer;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** Two nodes on one database act as one. */
@Tag("thorough")
class RotationClusterIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static PostgresServer postgres;
  private static List<KeycloakServer> servers = List.of();
  private static RotationRealm one;
  private static RotationRealm two;

  @BeforeAll
  static void start() {
    postgres = TestServers.newKeycloakPostgres(ExtensionServer.spec(RotationRealm.REALM));
    servers = TestServers.newKeycloakNodes(ExtensionServer.spec(RotationRealm.REALM), 2, postgres);
    one = new RotationRealm(servers.get(0));
    two = new RotationRealm(servers.get(1));
  }

  @AfterAll
  static void stop() {
    servers.forEach(KeycloakServer::close);
    postgres.close();
  }

  @Test
  void replay_onAnotherNode_returnsTheSameSuccessor() {
    var first = login("grace-60s");
    var successor = one.refresh("grace-60s", first).refreshToken();

    assertThat(two.refresh("grace-60s", first).refreshToken()).isEqualTo(successor);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/45647")
  @ParameterizedTest
  @ValueSource(ints = {20, 200})
  void concurrentRefreshes_onBothNodes_getOneSuccessor(int count) throws Exception {
    var first = login("default-grace");
    var requests = new ArrayList<Callable<RotationRealm.Answer>>();
    for (var i = 0; i < count; i++) {
      var node = i % 2 == 0 ? one : two;
      requests.add(() -> node.refresh("default-grace", first));
    }

    var successors = new HashSet<String>();
    try (var threads = Executors.newFixedThreadPool(count)) {
      for (var answer : threads.invokeAll(requests)) {
        successors.add(answer.get().refreshToken());
      }
    }

    assertThat(successors).hasSize(1);
    assertThat(two.refresh("default-grace", successors.iterator().next()).status()).isEqualTo(200);
  }

  @Test
  void refreshes_alternatingBetweenNodes_succeed() {
    var token = login("grace-60s");
    var seen = new HashSet<String>();
    for (var step = 0; step < 30; step++) {
      var node = step % 2 == 0 ? two : one;
      token = node.refresh("grace-60s", token).refreshToken();
      seen.add(token);
    }
    assertThat(seen).hasSize(30);
  }

  @Test
  void reuse_onOneNode_endsTokensOfTheOther() {
    var first = login("no-grace");
    var newest = one.refresh("no-grace", first);

    assertThat(two.refresh("no-grace", first).problem()).isEqualTo("Refresh token reuse detected");

    assertThat(one.refresh("no-grace", newest.refreshToken()).status()).isEqualTo(400);
    assertThat(one.userinfo(newest.accessToken())).isEqualTo(401);
  }

  @Test
  void replay_afterNodeCrash_returnsTheSameSuccessor() {
    var first = login("grace-60s");
    var successor = two.refresh("grace-60s", first).refreshToken();

    servers.get(1).kill();
    try {
      assertThat(one.refresh("grace-60s", first).refreshToken()).isEqualTo(successor);
      assertThat(one.refresh("grace-60s", successor).status()).isEqualTo(200);
    } finally {
      servers.get(1).restart();
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/pull/49542")
  @Test
  void reuse_afterRestart_isDetected() {
    var first = login("no-grace");
    var newest = two.refresh("no-grace", first).refreshToken();

    servers.get(1).kill();
    servers.get(1).restart();

    assertThat(two.refresh("no-grace", first).problem()).isEqualTo("Refresh token reuse detected");
    assertThat(one.refresh("no-grace", newest).status()).isEqualTo(400);
  }

  @Test
  void refreshLock_ofCrashedNode_isTakenOver() throws Exception {
    var first = login("default-grace");
    try (var connection = postgres.connect("keycloak");
        var statement = connection.createStatement();
        var threads = Executors.newSingleThreadExecutor()) {
      connection.setAutoCommit(false);
      statement.execute("select 1 from offline_client_session for update");
      var broken = threads.submit(() -> two.refresh("default-grace", first));
      await().atMost(LIMIT).until(RotationClusterIT::isWaitingForLock);
      servers.get(1).kill();
      assertThat(broken).failsWithin(LIMIT);
      connection.rollback();
    }
    try {
      var successor = one.refresh("default-grace", first).refreshToken();

      assertThat(one.refresh("default-grace", first).refreshToken()).isEqualTo(successor);
      assertThat(one.refresh("default-grace", successor).status()).isEqualTo(200);
    } finally {
      servers.get(1).restart();
    }
  }

  private static boolean isWaitingForLock() throws SQLException {
    try (var connection = postgres.connect("keycloak");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select 1 from pg_locks where not granted")) {
      return rows.next();
    }
  }

  private static String login(String client) {
    return one.login(client, one.user()).refreshToken();
  }
}
