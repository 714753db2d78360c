/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.login.GuessingRealm.PASSWORD;
import static rowlock.keycloak.login.GuessingRealm.newAddress;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;

/** Budgets are shared by all nodes, and survive a stop of all of them. */
@Tag("thorough")
class GuessingClusterIT {
  private static List<KeycloakServer> servers = List.of();
  private static List<GuessingRealm> nodes = List.of();

  @BeforeAll
  static void start() {
    servers = TestServers.newKeycloakNodes(ExtensionServer.spec(GuessingRealm.REALM), 2);
    nodes = servers.stream().map(GuessingRealm::new).toList();
  }

  @AfterAll
  static void stop() {
    servers.forEach(KeycloakServer::close);
  }

  @Test
  void guesses_countOnAllNodesAndAfterRestart() {
    var user = nodes.get(0).user();
    var ip = newIp();
    for (var guess = 0; guess < 8; guess++) {
      assertThat(nodes.get(guess % 2).directGrant(ip, newAddress(), "wrong").statusCode())
          .isEqualTo(400);
    }
    assertThat(nodes.get(0).directGrant(ip, user, PASSWORD).statusCode()).isEqualTo(429);
    assertThat(nodes.get(1).directGrant(ip, user, PASSWORD).statusCode()).isEqualTo(429);

    servers.forEach(KeycloakServer::kill);
    servers.parallelStream().forEach(KeycloakServer::restart);

    assertThat(nodes.get(1).directGrant(ip, user, PASSWORD).statusCode()).isEqualTo(429);
    assertThat(nodes.get(1).directGrant(newIp(), user, PASSWORD).statusCode()).isEqualTo(200);
  }

  @Test
  void concurrentAttempts_onBothNodes_getExactlyTheLimit() throws Exception {
    var name = newAddress();
    var tries = new ArrayList<Callable<Integer>>();
    for (var guess = 0; guess < 60; guess++) {
      var node = nodes.get(guess % 2);
      tries.add(() -> node.directGrant(newIp(), name, "wrong").statusCode());
    }

    var evaluated = 0;
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (var answer : threads.invokeAll(tries)) {
        evaluated += answer.get() == 400 ? 1 : 0;
      }
    }

    assertThat(evaluated).isEqualTo(4);
  }
}
