/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;
import rowlock.product.Product;
import rowlock.product.TestProduct;
import rowlock.product.journey.FailoverClient.Call;

/**
 * Checks that users are not disturbed when one of two servers is killed, or stopped for an upgrade.
 */
@Tag("thorough")
class ClusterIT {
  private static final int USERS = 12;
  private static final int LEAVERS = 8;

  /** A client may use a broken connection once more until it notices. */
  private static final Duration NOTICED = Duration.ofMillis(500);

  private static final Duration LONG = Duration.ofSeconds(100);

  /** The realm's grace window and one second. */
  private static final Duration GRACE = Duration.ofSeconds(11);

  private static Cluster cluster;
  private static List<ActiveUser> users = List.of();

  @BeforeAll
  static void start() {
    cluster = new Cluster();
    users = cluster.users(USERS);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void keycloakNodeKilled_sessionsAndRevocationsAreKept() throws Exception {
    var leavers = cluster.users(LEAVERS);
    try (var busy = new ActiveUsers(users)) {
      busy.awaitRefreshes(3);
      long killed;
      List<ActiveUser> ended;
      try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
        var leaving = leave(others, leavers, 2);
        killed = System.nanoTime();
        cluster.keycloak(0).kill();
        busy.awaitRefreshes(5);
        ended = leaving.get();
      }
      System.out.println("Keycloak node killed\n" + busy.figures(killed));
      assertThat(ended).hasSizeGreaterThan(LEAVERS / 2);
      ended.forEach(cluster::assertRejected);

      cluster.keycloak(0).restart();
      cluster.awaitAll();
      busy.awaitRefreshes(3);
      ended.forEach(cluster::assertRejected);
      assertThat(busy.problems()).isEmpty();
      assertOnlyPendingCallsBroke(busy.calls(), killed);
    }
  }

  @Test
  void taskApiKilled_onlyPendingCallsBreak_noRevocationIsLost() throws Exception {
    var leavers = cluster.users(LEAVERS);
    try (var busy = new ActiveUsers(users)) {
      busy.awaitRefreshes(2);
      long killed;
      List<ActiveUser> ended;
      try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
        var leaving = leave(others, leavers, 2);
        killed = System.nanoTime();
        cluster.api(0).kill();
        busy.awaitRefreshes(4);
        ended = leaving.get();
      }
      System.out.println("task-api process killed\n" + busy.figures(killed));
      assertThat(ended).hasSize(LEAVERS);
      ended.forEach(cluster::assertRejected);

      cluster.api(0).restart();
      ended.forEach(user -> assertThat(Cluster.status(cluster.api(0), user)).isEqualTo(401));
      cluster.awaitAll();
      busy.awaitRefreshes(2);
      assertThat(busy.problems()).isEmpty();
      assertOnlyPendingCallsBroke(busy.calls(), killed);
    }
  }

  @Test
  void taskApiProcesses_restartedInTurn_noCallFails() {
    try (var busy = new ActiveUsers(users)) {
      busy.awaitRefreshes(1);
      for (var i = 0; i < 2; i++) {
        var process = cluster.api(i);
        var stopping = Thread.startVirtualThread(process::stop);
        await().atMost(LONG).until(() -> !cluster.apis().isReady(Cluster.node(process)));
        assertThat(Cluster.status(process, users.get(0)))
            .as("not ready, but still serving requests")
            .isEqualTo(200);
        await().atMost(LONG).until(() -> !stopping.isAlive());
        process.restart();
        cluster.awaitAll();
        busy.awaitRefreshes(1);
      }
      assertThat(busy.problems()).isEmpty();
      assertNoCallBroke(busy.calls());
    }
  }

  /**
   * Stops each node properly and restarts it with a later build of the extension. In between, both
   * builds work in one cluster.
   */
  @Test
  void extension_upgradedNodeByNode_noCallFails(@TempDir Path directory) {
    var jar =
        NextExtensionVersion.of(Product.extension(), directory.resolve("keycloak-extensions.jar"));
    var now = TestProduct.keycloakSpec();
    var next = new KeycloakSpec(List.of(jar), now.realmFiles()).withOptions(Cluster.options());
    var others = cluster.users(4);
    var victim = others.get(0);
    var stolen = victim.refreshToken();
    victim.refresh();
    var used = System.nanoTime();
    var before = version(0);
    try (var busy = new ActiveUsers(users)) {
      busy.awaitRefreshes(1);
      cluster.keycloak(1).close();
      cluster.replace(1, TestServers.newKeycloakNode(cluster.keycloak(0), next));
      assertThat(List.of(version(0), version(1)))
          .containsExactly(before, NextExtensionVersion.VERSION);
      busy.awaitRefreshes(4);
      var leaver = others.get(1);
      assertThat(leaver.logout()).isTrue();
      cluster.assertRejected(leaver);

      // no process gets the event while the old build runs; the new build delivers it afterwards
      var late = others.get(2);
      cluster.apis().shut();
      assertThat(late.logoutAt(cluster.keycloak(0).url())).isTrue();
      assertThat(Cluster.status(cluster.api(0), late)).isEqualTo(200);
      cluster.keycloak(0).close();
      cluster.apis().open();
      await().atMost(LONG).untilAsserted(() -> cluster.assertRejected(late));
      busy.awaitRefreshes(1);

      // the new build reads the token family that the old build has written
      await().atMost(LONG).until(() -> System.nanoTime() - used > GRACE.toNanos());
      assertThat(victim.sendRefresh(stolen).status()).isEqualTo(400);
      await().atMost(LONG).untilAsserted(() -> cluster.assertRejected(victim));

      cluster.replace(0, TestServers.newKeycloakNode(cluster.keycloak(1), next));
      assertThat(version(0)).isEqualTo(NextExtensionVersion.VERSION);
      busy.awaitRefreshes(3);
      assertThat(others.get(3).logout()).isTrue();
      cluster.assertRejected(others.get(3));
      assertThat(busy.problems()).isEmpty();
      assertNoCallBroke(busy.calls());
    }
  }

  /** Returns the version of the extension, as the node's console shows it. */
  private static String version(int node) {
    return new AdminApi(cluster.keycloak(node))
        .get("/serverinfo")
        .path("providers")
        .path("eventsListener")
        .path("providers")
        .path("rowlock-revocation")
        .path("operationalInfo")
        .path("Version")
        .asString();
  }

  /**
   * Signs users out one after the other. Each must be rejected once the logout is answered.
   *
   * @param first number of users who are signed out before this method returns
   */
  private static Future<List<ActiveUser>> leave(
      ExecutorService threads, List<ActiveUser> leavers, int first)
      throws ExecutionException, InterruptedException {
    List<ActiveUser> ended = new ArrayList<>();
    for (var early : leavers.subList(0, first)) {
      assertThat(early.logout()).isTrue();
      cluster.assertRejected(early);
      ended.add(early);
    }
    return threads.submit(
        () -> {
          for (var leaver : leavers.subList(first, leavers.size())) {
            if (leaver.logout()) {
              cluster.assertRejected(leaver);
              ended.add(leaver);
            }
          }
          return ended;
        });
  }

  private static void assertOnlyPendingCallsBroke(List<Call> calls, long killed) {
    assertThat(calls).filteredOn(call -> call.failed() > 0 || call.broken().size() > 1).isEmpty();
    assertThat(calls)
        .flatExtracting(Call::broken)
        .allSatisfy(broken -> assertThat(broken.sent()).isLessThan(killed + NOTICED.toNanos()));
  }

  private static void assertNoCallBroke(List<Call> calls) {
    assertThat(calls).filteredOn(call -> call.failed() > 0 || !call.broken().isEmpty()).isEmpty();
  }
}
