/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;
import rowlock.keycloak.revocation.EventReceiver.Answer;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.ListeningSockets;
import rowlock.local.testing.TestServers;

/** Two nodes on one database share the deliveries. */
@Tag("thorough")
class DrainClusterIT {
  private static final int MANY = 150;
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private static List<KeycloakServer> servers = List.of();
  private static RevocationRealm one;
  private static RevocationRealm two;
  private static EventReceiver receiver;

  @BeforeAll
  static void start() {
    servers = TestServers.newKeycloakNodes(ExtensionServer.spec(RevocationRealm.REALM), 2);
    one = new RevocationRealm(servers.get(0));
    two = new RevocationRealm(servers.get(1));
    receiver = new EventReceiver(servers.get(0), RevocationRealm.REALM);
    one.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
  }

  @AfterAll
  static void stop() {
    receiver.close();
    servers.forEach(KeycloakServer::close);
  }

  @Test
  void nodesListenOnLoopbackOnly() throws Exception {
    var processes =
        servers.stream().map(node -> ProcessHandle.of(node.pid()).orElseThrow()).toList();

    var listening = ListeningSockets.of(processes);

    // each has a port for HTTP, one for health and metrics, and those of the cache
    assertThat(listening).hasSizeGreaterThanOrEqualTo(6);
    assertThat(listening).allMatch(socket -> socket.getAddress().isLoopbackAddress());
  }

  @Test
  void receiverSavedOnOneNode_isUsedByTheOtherAtOnce() {
    var person = one.person();
    two.logout("app", two.login("app", person));

    assertThat(receiver.about(person.id())).hasSize(1);
  }

  @Test
  void bothNodesRetry_eachEventIsSentOnce() {
    var person = one.person();
    var sessions = new ArrayList<String>();
    receiver.answers(Answer.status(503));
    for (var i = 0; i < MANY; i++) {
      var node = i % 2 == 0 ? one : two;
      var login = node.login("app", person);
      sessions.add(login.sessionId());
      node.logout("app", login);
    }

    receiver.answers(Answer.status(202));

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(receiver.sessionsEnded(person.id()))
                    .containsExactlyInAnyOrderElementsOf(sessions));
    assertThat(receiver.times().values()).containsOnly(1L);
  }

  @Test
  void nodeKilled_otherNodeDeliversItsEvents() {
    var person = one.person();
    receiver.answers(Answer.status(503));
    var login = two.login("app", person);
    two.logout("app", login);
    servers.get(1).kill();
    try {
      receiver.answers(Answer.status(202));

      receiver.awaitEvent(received -> received.session().equals(login.sessionId()));
    } finally {
      servers.get(1).restart();
    }
  }
}
