/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.keycloak.KeycloakServer;

/** Budgets in a real server. {@code GuessingClusterIT} covers several nodes and a restart. */
class BudgetIT {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String HOUR = "3600000";

  private static KeycloakServer server;

  @BeforeAll
  static void start() {
    server = GuessingRealm.shared().server();
  }

  @Test
  void limit_isAllowedAtOnce_nextHasRetryAfter() {
    var key = key();
    for (var use = 0; use < 3; use++) {
      assertThat(take("plain", key, 3, HOUR)).isEqualTo("true 0");
    }

    var refusal = take("plain", key, 3, HOUR).split(" ");

    assertThat(refusal[0]).isEqualTo("false");
    assertThat(Long.parseLong(refusal[1])).isBetween(1_190_000L, 1_200_000L);
  }

  @Test
  void concurrentTakes_getExactlyTheLimit() throws Exception {
    var key = key();
    var tries = new ArrayList<Callable<String>>();
    for (var i = 0; i < 400; i++) {
      tries.add(() -> take("storm", key, 40, HOUR));
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
  void use_afterShareOfWindow_isRestored() {
    var key = key();
    take("quick", key, 2, "3000");
    take("quick", key, 2, "3000");
    assertThat(take("quick", key, 2, "3000")).startsWith("false");

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> look("quick", key, 2, "3000").startsWith("true"));
    assertThat(take("quick", key, 2, "3000")).isEqualTo("true 0");
  }

  @Test
  void take_whenRequestFails_staysCounted() {
    var key = key();

    var answer = get("take-and-fail", "roll-back", key, 1, HOUR);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(take("roll-back", key, 1, HOUR)).startsWith("false");
  }

  @Test
  void giveBack_restoresAUse_lookTakesNone() {
    var key = key();
    assertThat(look("back", key, 1, HOUR)).isEqualTo("true 0");
    assertThat(take("back", key, 1, HOUR)).isEqualTo("true 0");
    assertThat(look("back", key, 1, HOUR)).startsWith("false");

    get("give-back", "back", key, 1, HOUR);

    assertThat(take("back", key, 1, HOUR)).isEqualTo("true 0");
  }

  @Test
  void charge_beyondLimit_delaysAtMostAQuarterOfTheWindow() {
    var key = key();
    for (var use = 0; use < 40; use++) {
      get("charge", "debt", key, 10, HOUR);
    }

    var refusal = look("debt", key, 10, HOUR).split(" ");

    assertThat(refusal[0]).isEqualTo("false");
    // a quarter of the window, and the interval of one use
    assertThat(Long.parseLong(refusal[1])).isBetween(1_200_000L, 1_260_000L);
  }

  @Test
  void ipv6Site_hasBudgetOfTenNetworks() {
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
  void budgets_ofOtherKeysAndNames_areIndependent() {
    var key = key();
    take("first", key, 1, HOUR);

    assertThat(take("second", key, 1, HOUR)).startsWith("true");
    assertThat(take("first", key + "'; drop table rowlock_budget; --", 1, HOUR)).startsWith("true");
    assertThat(take("first", key, 1, HOUR)).startsWith("false");
  }

  @Test
  void rows_areSlots_andAreRemovedWhenExpired() {
    for (var use = 0; use < 200; use++) {
      take("many", "2001:db8::" + use, 5, "500");
    }
    var rows = body("rows?name=many").split(" ");
    assertThat(Integer.parseInt(rows[0])).isBetween(195, 200);
    assertThat(Integer.parseInt(rows[1])).isLessThan(BudgetSlots.COUNT);

    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              body("prune");
              return body("rows?name=many").startsWith("0 ");
            });
  }

  private static String take(String name, String key, int limit, String millis) {
    return get("take", name, key, limit, millis).body();
  }

  private static String takeAddress(String address) {
    return get("take-address", "site", address, 1, HOUR).body();
  }

  private static String look(String name, String key, int limit, String millis) {
    return get("look", name, key, limit, millis).body();
  }

  private static HttpResponse<String> get(
      String what, String name, String key, int limit, String millis) {
    return send(
        "use/%s?name=%s&key=%s&limit=%d&millis=%s"
            .formatted(what, name, URLEncoder.encode(key, UTF_8), limit, millis));
  }

  private static String body(String path) {
    var answer = send(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static HttpResponse<String> send(String path) {
    var address = URI.create(server.url() + "/realms/master/budget-probe/" + path);
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
}
