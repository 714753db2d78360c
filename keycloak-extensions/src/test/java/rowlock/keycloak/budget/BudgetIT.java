/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.KeycloakServer;
import rowlock.local.Keycloaks;
import rowlock.local.TestServers;

/** Budgets on two real nodes with one database. */
class BudgetIT {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String HOUR = "3600000";

  @TempDir private static Path folder;
  private static List<KeycloakServer> nodes = List.of();

  @BeforeAll
  static void start() throws Exception {
    nodes =
        TestServers.newKeycloakNodes(
            new Keycloaks(List.of(classesOf(Budget.class), probe()), List.of()), 2);
  }

  @AfterAll
  static void stop() {
    nodes.forEach(KeycloakServer::close);
  }

  @Test
  void theLimitIsAllowedAtOnceAndTheNextIsToldHowLongToWait() {
    var key = key();
    for (var use = 0; use < 3; use++) {
      assertThat(take(0, "plain", key, 3, HOUR)).isEqualTo("true 0");
    }

    var refusal = take(0, "plain", key, 3, HOUR).split(" ");

    assertThat(refusal[0]).isEqualTo("false");
    assertThat(Long.parseLong(refusal[1])).isBetween(1_190_000L, 1_200_000L);
  }

  @Test
  void aThousandTriesAtOnceOverBothNodesGetExactlyTheLimit() throws Exception {
    var key = key();
    var tries = new ArrayList<Callable<String>>();
    for (var i = 0; i < 1000; i++) {
      var node = i % 2;
      tries.add(() -> take(node, "storm", key, 40, HOUR));
    }

    var allowed = 0;
    try (var threads = Executors.newFixedThreadPool(24)) {
      for (var answer : threads.invokeAll(tries)) {
        allowed += answer.get().startsWith("true") ? 1 : 0;
      }
    }

    assertThat(allowed).isEqualTo(40);
  }

  @Test
  void oneComesBackAfterItsShareOfTheWindow() {
    var key = key();
    take(0, "quick", key, 2, "3000");
    take(0, "quick", key, 2, "3000");
    assertThat(take(1, "quick", key, 2, "3000")).startsWith("false");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> look(1, "quick", key, 2, "3000").startsWith("true"));
    assertThat(take(0, "quick", key, 2, "3000")).isEqualTo("true 0");
  }

  @Test
  void whatWasTakenStaysTakenWhenTheRequestFails() {
    var key = key();

    var answer = get(0, "take-and-fail", "roll-back", key, 1, HOUR);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(take(0, "roll-back", key, 1, HOUR)).startsWith("false");
  }

  @Test
  void whatIsGivenBackCanBeTakenAgainAndLookingTakesNothing() {
    var key = key();
    assertThat(look(0, "back", key, 1, HOUR)).isEqualTo("true 0");
    assertThat(take(0, "back", key, 1, HOUR)).isEqualTo("true 0");
    assertThat(look(1, "back", key, 1, HOUR)).startsWith("false");

    get(1, "give-back", "back", key, 1, HOUR);

    assertThat(take(0, "back", key, 1, HOUR)).isEqualTo("true 0");
  }

  @Test
  void aSiteOfManyNetworksHasTheBudgetOfTen() {
    for (var network = 0; network < 10; network++) {
      assertThat(takeAddress("2001:db8:5:%x::1".formatted(network))).startsWith("true");
      assertThat(takeAddress("2001:db8:5:%x::2".formatted(network))).startsWith("false");
    }

    assertThat(takeAddress("2001:db8:5:ffff::1")).startsWith("false");
    assertThat(takeAddress("2001:db8:6::1")).startsWith("true");
    for (var host = 1; host <= 20; host++) {
      assertThat(takeAddress("192.0.2." + host)).startsWith("true");
    }
  }

  @Test
  void keysAndNamesDoNotTouchEachOther() {
    var key = key();
    take(0, "first", key, 1, HOUR);

    assertThat(take(0, "second", key, 1, HOUR)).startsWith("true");
    assertThat(take(0, "first", key + "'; drop table rowlock_budget; --", 1, HOUR))
        .startsWith("true");
    assertThat(take(0, "first", key, 1, HOUR)).startsWith("false");
  }

  @Test
  void aRowIsASlotNotAKeyAndGoesWhenItSaysNothingAnyMore() {
    for (var use = 0; use < 200; use++) {
      take(0, "many", "2001:db8::" + use, 5, "500");
    }
    var rows = body(0, "rows?name=many").split(" ");
    assertThat(Integer.parseInt(rows[0])).isBetween(195, 200);
    assertThat(Integer.parseInt(rows[1])).isLessThan(Slots.COUNT);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              body(0, "prune");
              return body(0, "rows?name=many").startsWith("0 ");
            });
  }

  @Test
  void aBudgetSurvivesTheRestartOfEveryNode() {
    var key = key();
    take(0, "durable", key, 1, HOUR);

    nodes.forEach(KeycloakServer::kill);
    nodes.forEach(KeycloakServer::restart);

    assertThat(take(1, "durable", key, 1, HOUR)).startsWith("false");
  }

  @Test
  void oneUseCostsLittle() {
    body(0, "cost?uses=300");
    var micros = Long.parseLong(body(0, "cost?uses=1000"));

    System.out.println("One use of a budget: " + micros + " microseconds");
    // measured below 1 ms; the bound is for a machine with other work
    assertThat(micros).isLessThan(20_000);
  }

  private static String take(int node, String name, String key, int limit, String millis) {
    return get(node, "take", name, key, limit, millis).body();
  }

  private static String takeAddress(String address) {
    return get(0, "take-address", "site", address, 1, HOUR).body();
  }

  private static String look(int node, String name, String key, int limit, String millis) {
    return get(node, "look", name, key, limit, millis).body();
  }

  private static HttpResponse<String> get(
      int node, String what, String name, String key, int limit, String millis) {
    return send(
        node,
        "%s?name=%s&key=%s&limit=%d&millis=%s"
            .formatted(what, name, URLEncoder.encode(key, UTF_8), limit, millis));
  }

  private static String body(int node, String path) {
    var answer = send(node, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static HttpResponse<String> send(int node, String path) {
    var address = URI.create(nodes.get(node).url() + "/realms/master/budget-probe/" + path);
    try {
      return HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  /** A folder with nothing but the probe, as a second extension. */
  private static Path probe() throws Exception {
    var from = classesOf(BudgetProbeFactory.class);
    var name = BudgetProbeFactory.class.getPackageName().replace('.', '/');
    var to = Files.createDirectories(folder.resolve(name));
    try (var classes = Files.newDirectoryStream(from.resolve(name), "BudgetProbe*.class")) {
      for (var one : classes) {
        Files.copy(one, to.resolve(one.getFileName()));
      }
    }
    var services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("org.keycloak.services.resource.RealmResourceProviderFactory"),
        BudgetProbeFactory.class.getName());
    return folder;
  }

  private static Path classesOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
