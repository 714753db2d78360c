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
import rowlock.product.TaskApiProcess;
import rowlock.product.TestProduct;
import rowlock.product.journey.Balancer.Call;

/**
 * Two of everything, a dozen people at work all the time, and one of the servers goes: killed, or
 * stopped as it should be.
 */
@Tag("thorough")
class ClusterIT {

  private static final int PEOPLE = 12;
  private static final int LEAVERS = 8;

  /** A connection that has just broken may be used once more before that is noticed. */
  private static final Duration NOTICED = Duration.ofMillis(500);

  private static final Duration LONG = Duration.ofSeconds(100);

  /** Of the realm, and a second. */
  private static final Duration GRACE = Duration.ofSeconds(11);

  private static Cluster cluster;
  private static List<BusyPerson> people = List.of();

  @BeforeAll
  static void start() {
    cluster = new Cluster();
    people = cluster.people(PEOPLE);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void whenANodeOfKeycloakIsKilled_thenNobodyLosesASessionAndWhatHasEndedHasEnded()
      throws Exception {
    List<BusyPerson> leavers = cluster.people(LEAVERS);
    try (BusyPeople busy = new BusyPeople(people)) {
      busy.goOn(3);
      long killed;
      List<BusyPerson> ended;
      try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<List<BusyPerson>> leaving = leave(others, leavers, 2);
        killed = System.nanoTime();
        cluster.keycloak(0).kill();
        busy.goOn(5);
        ended = leaving.get();
      }
      System.out.println("A killed node of Keycloak\n" + busy.figures(killed));
      assertThat(ended).hasSizeGreaterThan(LEAVERS / 2);
      ended.forEach(cluster::isCutOff);

      cluster.keycloak(0).restart();
      cluster.awaitAll();
      busy.goOn(3);
      ended.forEach(cluster::isCutOff);
      assertThat(busy.problems()).isEmpty();
      onlyWhatWasUnderWayBroke(busy.calls(), killed);
    }
  }

  @Test
  void whenAProcessOfTaskApiIsKilled_thenOnlyWhatWasUnderWayBreaksAndItMissesNoRevocation()
      throws Exception {
    List<BusyPerson> leavers = cluster.people(LEAVERS);
    try (BusyPeople busy = new BusyPeople(people)) {
      busy.goOn(2);
      long killed;
      List<BusyPerson> ended;
      try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<List<BusyPerson>> leaving = leave(others, leavers, 2);
        killed = System.nanoTime();
        cluster.api(0).kill();
        busy.goOn(4);
        ended = leaving.get();
      }
      System.out.println("A killed process of task-api\n" + busy.figures(killed));
      assertThat(ended).hasSize(LEAVERS);
      ended.forEach(cluster::isCutOff);

      cluster.api(0).restart();
      ended.forEach(person -> assertThat(Cluster.status(cluster.api(0), person)).isEqualTo(401));
      cluster.awaitAll();
      busy.goOn(2);
      assertThat(busy.problems()).isEmpty();
      onlyWhatWasUnderWayBroke(busy.calls(), killed);
    }
  }

  @Test
  void whenBothProcessesOfTaskApiAreRestartedOneAfterTheOther_thenNoCallFails() {
    try (BusyPeople busy = new BusyPeople(people)) {
      busy.goOn(1);
      for (int i = 0; i < 2; i++) {
        TaskApiProcess process = cluster.api(i);
        Thread stopping = Thread.startVirtualThread(process::stop);
        await().atMost(LONG).until(() -> !cluster.apis().isReady(Cluster.node(process)));
        assertThat(Cluster.status(process, people.get(0)))
            .as("says that it is not ready, and goes on")
            .isEqualTo(200);
        await().atMost(LONG).until(() -> !stopping.isAlive());
        process.restart();
        cluster.awaitAll();
        busy.goOn(1);
      }
      assertThat(busy.problems()).isEmpty();
      nothingBroke(busy.calls());
    }
  }

  /**
   * Each node is stopped as it should be and comes back with a later build of the extension; in
   * between both builds are at work in one cluster.
   */
  @Test
  void whenTheExtensionIsReplacedOnOneNodeAfterTheOther_thenNothingFailsAndEachReadsTheOthersWork(
      @TempDir Path directory) {
    Path jar = NextVersion.of(Product.extension(), directory.resolve("keycloak-extensions.jar"));
    KeycloakSpec now = TestProduct.keycloaks();
    KeycloakSpec next =
        new KeycloakSpec(List.of(jar), now.realmFiles()).withOptions(Cluster.options());
    List<BusyPerson> others = cluster.people(4);
    BusyPerson robbed = others.get(0);
    String stolen = robbed.refreshToken();
    robbed.refresh();
    long used = System.nanoTime();
    String before = version(0);
    try (BusyPeople busy = new BusyPeople(people)) {
      busy.goOn(1);
      cluster.keycloak(1).close();
      cluster.replace(1, TestServers.newKeycloakNode(cluster.keycloak(0), next));
      assertThat(List.of(version(0), version(1))).containsExactly(before, NextVersion.VERSION);
      busy.goOn(4);
      BusyPerson leaver = others.get(1);
      assertThat(leaver.logout()).isTrue();
      cluster.isCutOff(leaver);

      // told by nobody while the old build is there, and by the new one when it is gone
      BusyPerson late = others.get(2);
      cluster.apis().shut();
      assertThat(late.logoutAt(cluster.keycloak(0).url())).isTrue();
      assertThat(Cluster.status(cluster.api(0), late)).isEqualTo(200);
      cluster.keycloak(0).close();
      cluster.apis().open();
      await().atMost(LONG).untilAsserted(() -> cluster.isCutOff(late));
      busy.goOn(1);

      // what the old build wrote of a family is read by the new one
      await().atMost(LONG).until(() -> System.nanoTime() - used > GRACE.toNanos());
      assertThat(robbed.sendRefresh(stolen).status()).isEqualTo(400);
      await().atMost(LONG).untilAsserted(() -> cluster.isCutOff(robbed));

      cluster.replace(0, TestServers.newKeycloakNode(cluster.keycloak(1), next));
      assertThat(version(0)).isEqualTo(NextVersion.VERSION);
      busy.goOn(3);
      assertThat(others.get(3).logout()).isTrue();
      cluster.isCutOff(others.get(3));
      assertThat(busy.problems()).isEmpty();
      nothingBroke(busy.calls());
    }
  }

  /** Of the extension, as a node's console shows it. */
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
   * Signs people out, one after the other; whose sign-out was answered is cut off from then on.
   *
   * @param first how many have left when this method comes back
   */
  private static Future<List<BusyPerson>> leave(
      ExecutorService threads, List<BusyPerson> leavers, int first)
      throws ExecutionException, InterruptedException {
    List<BusyPerson> ended = new ArrayList<>();
    for (BusyPerson early : leavers.subList(0, first)) {
      assertThat(early.logout()).isTrue();
      cluster.isCutOff(early);
      ended.add(early);
    }
    return threads.submit(
        () -> {
          for (BusyPerson leaver : leavers.subList(first, leavers.size())) {
            if (leaver.logout()) {
              cluster.isCutOff(leaver);
              ended.add(leaver);
            }
          }
          return ended;
        });
  }

  private static void onlyWhatWasUnderWayBroke(List<Call> calls, long killed) {
    assertThat(calls).filteredOn(call -> call.failed() > 0 || call.broken().size() > 1).isEmpty();
    assertThat(calls)
        .flatExtracting(Call::broken)
        .allSatisfy(broken -> assertThat(broken.sent()).isLessThan(killed + NOTICED.toNanos()));
  }

  private static void nothingBroke(List<Call> calls) {
    assertThat(calls).filteredOn(call -> call.failed() > 0 || !call.broken().isEmpty()).isEmpty();
  }
}
