/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import rowlock.local.login.Tokens;
import rowlock.product.journey.FailoverClient.Call;
import rowlock.product.journey.FailoverClient.Request;
import rowlock.realm.Realm;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a user without a pause: refreshes the tokens, reads the tasks, sometimes adds one, and
 * refreshes in a second tab too.
 */
final class ActiveUser {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String TOKEN = "/realms/" + Realm.NAME + "/protocol/openid-connect/token";
  private static final String LOGOUT = "/realms/" + Realm.NAME + "/protocol/openid-connect/logout";
  private static final String TASKS = "/api/me/tasks";

  private final FailoverClient keycloak;
  private final FailoverClient api;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private String accessToken;
  private String refreshToken;
  private int saved;
  private volatile String problem = "";

  ActiveUser(FailoverClient keycloak, FailoverClient api, Tokens tokens) {
    this.keycloak = keycloak;
    this.api = api;
    this.accessToken = tokens.accessToken();
    this.refreshToken = tokens.requireRefreshToken();
  }

  /** Returns all requests so far. */
  List<Call> calls() {
    return calls;
  }

  /** Returns the first problem, or an empty text. */
  String problem() {
    return problem;
  }

  String accessToken() {
    return accessToken;
  }

  String refreshToken() {
    return refreshToken;
  }

  /** Repeats all operations until they are stopped or one fails. */
  void work(BooleanSupplier stopped) {
    for (var round = 0; !stopped.getAsBoolean() && problem.isEmpty(); round++) {
      var used = refreshToken;
      refresh();
      if (round % 4 == 0 && problem.isEmpty()) {
        secondTab(used);
      }
      if (round % 4 == 1) {
        save();
      }
      read();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Exchanges the newest refresh token for its successor. */
  void refresh() {
    var call = sendRefresh(refreshToken);
    if (is(200, call)) {
      var tokens = JSON.readTree(call.body());
      accessToken = tokens.path("access_token").asString();
      refreshToken = tokens.path("refresh_token").asString();
    }
  }

  /** Checks that a token that was just used gets the same successor from any node. */
  private void secondTab(String used) {
    var call = sendRefresh(used);
    if (is(200, call)
        && !JSON.readTree(call.body()).path("refresh_token").asString().equals(refreshToken)) {
      problem = "The second tab got another successor: the token family has forked";
    }
  }

  Call sendRefresh(String token) {
    var call =
        keycloak.send(
            new Request(
                "POST",
                TOKEN,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "grant_type=refresh_token&client_id=task-cli&refresh_token="
                    + URLEncoder.encode(token, StandardCharsets.UTF_8),
                true));
    calls.add(call);
    return call;
  }

  /** Returns whether the logout was answered; only then the session must have ended. */
  boolean logout() {
    return keycloak.send(logoutRequest()).status() / 100 == 2;
  }

  /** Sends the logout to this node. */
  boolean logoutAt(URI node) {
    return keycloak.sendTo(node, logoutRequest()).status() / 100 == 2;
  }

  private Request logoutRequest() {
    return new Request(
        "POST",
        LOGOUT,
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        "client_id=task-cli&refresh_token="
            + URLEncoder.encode(refreshToken, StandardCharsets.UTF_8),
        false);
  }

  private void save() {
    var call = api.send(task("{\"title\":\"Task " + saved++ + "\"}"));
    calls.add(call);
    is(201, call);
  }

  private Request task(String body) {
    return new Request(
        "POST",
        TASKS,
        Map.of(
            "Authorization",
            "Bearer " + accessToken,
            "Content-Type",
            "application/json",
            "Idempotency-Key",
            "\"" + UUID.randomUUID() + "\""),
        body,
        true);
  }

  /** Checks that each added task is listed once. */
  private void read() {
    var call =
        api.send(
            new Request(
                "GET",
                TASKS + "?limit=200",
                Map.of("Authorization", "Bearer " + accessToken),
                null,
                true));
    calls.add(call);
    if (is(200, call) && JSON.readTree(call.body()).path("items").size() != saved) {
      problem = "The list differs from the added tasks";
    }
  }

  private boolean is(int status, Call call) {
    if (call.status() != status) {
      problem = call.toString();
    }
    return call.status() == status;
  }
}
