/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.product.web.LossyIssuerProxy;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;
import tools.jackson.databind.JsonNode;

/** Refresh and check of sessions. */
class RefreshIT {
  private static final int LIFE = 4;
  private static final String TASKS = "/api/me/tasks";

  private final TestWeb web = TestWeb.shared();

  @BeforeEach
  void setShortLifetime() {
    web.setAccessTokenLifetime(LIFE);
  }

  @AfterEach
  void restoreLifetime() {
    web.setAccessTokenLifetime(0);
  }

  @FieldReport("https://github.com/opensearch-project/security-dashboards-plugin/issues/2311")
  @Test
  void fiftyRequests_onTwoNodes_causeOneRefresh() throws Exception {
    var other = web.startNode();
    var visitor = web.visitor().registered();
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    awaitExpiry();
    var before = web.refreshesAtKeycloak();

    List<HttpResponse<String>> answers = new ArrayList<>();
    try (var tabs = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> calls = new ArrayList<>();
      for (var i = 0; i < 50; i++) {
        var node = i % 2 == 0 ? web.address() : other;
        calls.add(tabs.submit(() -> Visitor.http(visitor.request(node, TASKS).build())));
      }
      for (var call : calls) {
        answers.add(call.get());
      }
    }

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    assertThat(web.refreshesAtKeycloak() - before).isEqualTo(1);
    assertThat(generation(visitor)).isEqualTo(1);
  }

  @Test
  void expiredAccessTokens_areRefreshed() {
    var visitor = web.visitor().registered();
    for (var expiry = 1; expiry <= 2; expiry++) {
      awaitExpiry();
      assertThat(visitor.send("POST", TASKS, "{\"title\":\"Water\"}").statusCode()).isEqualTo(201);
    }
    assertThat(generation(visitor)).isEqualTo(2);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }

  @Test
  void rejectedRefresh_endsTheSessionWithReasonEnded() {
    var visitor = web.visitor().registered();
    // deleting the user causes no back-channel logout
    web.admin().delete(TestWeb.REALM + "/users/" + visitor.subject());
    awaitExpiry();

    var call = visitor.get(TASKS);
    assertThat(call.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(call).path("reason").asString()).isEqualTo("ended");
    assertThat(visitor.session().path("reason").asString()).isEqualTo("ended");
    assertThat(
            web.database()
                .sql(
                    "select count(*) from web.session where ended is not null and sealed is not null")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void replacedSession_isNotExtendedByARefresh() {
    var visitor = web.visitor().registered();
    var old = visitor.request(web.address(), TASKS);
    visitor.browser().open(web.at("/login")); // Keycloak signs the browser in again silently
    awaitExpiry();

    assertThat(Visitor.http(old.build()).statusCode()).isEqualTo(200);

    assertThat(
            web.database()
                .sql(
                    "select generation, extract(epoch from expires_at - retired_at)::int as rest"
                        + " from web.session where subject = ? and retired_at is not null")
                .param(visitor.subject())
                .query((row, number) -> List.of(row.getInt("generation"), row.getInt("rest")))
                .single())
        .isEqualTo(List.of(1, 60));
  }

  @Test
  void sessionCheck_isSentOnce_andIsNoActivity() throws Exception {
    var visitor = web.visitor().registered();
    var before = keycloakSession(visitor);
    var checks = checks();
    makeSessionCheckDue(visitor);

    try (var tabs = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> looks = new ArrayList<>();
      for (var i = 0; i < 20; i++) {
        looks.add(tabs.submit(() -> visitor.get("/session")));
      }
      for (var look : looks) {
        assertThat(Visitor.json(look.get()).path("signedIn").asBoolean()).isTrue();
      }
    }

    assertThat(checks() - checks).isEqualTo(1);
    assertThat(generation(visitor)).isZero();
    assertThat(keycloakSession(visitor)).isEqualTo(before);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27342")
  @Test
  void sessionCheck_afterLogoutAll_endsTheSession() {
    var visitor = web.visitor().registered();
    web.admin().post(TestWeb.REALM + "/logout-all", "{}");
    makeSessionCheckDue(visitor);

    assertThat(visitor.session().path("reason").asString()).isEqualTo("ended");
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(401);
  }

  @Test
  void sessionCheck_keycloakDown_keepsTheSession() {
    var visitor = web.visitor().registered();
    try (var issuer = new LossyIssuerProxy(web.keycloak())) {
      var node = web.startNode(issuer.setting());
      Visitor.http(visitor.request(node, TASKS).build());
      issuer.setLosing(true);
      makeSessionCheckDue(visitor);

      var look = Visitor.http(visitor.request(node, "/session").build());
      assertThat(issuer.lostResponses()).isPositive();
      assertThat(Visitor.json(look).path("signedIn").asBoolean()).isTrue();
    }
  }

  private void makeSessionCheckDue(Visitor visitor) {
    web.database()
        .sql("update web.session set checked_at = now() - interval '1 hour' where subject = ?")
        .param(visitor.subject())
        .update();
  }

  private JsonNode keycloakSession(Visitor visitor) {
    return web.admin().get(TestWeb.REALM + "/users/" + visitor.subject() + "/sessions");
  }

  private double checks() {
    return web
        .node()
        .getBean(MeterRegistry.class)
        .find("rowlock.web.sessions.checked")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void expiredSession_hasReasonExpired() {
    var visitor = web.visitor().registered();
    web.database()
        .sql("update web.session set expires_at = now() - interval '1 second' where subject = ?")
        .param(visitor.subject())
        .update();

    assertThat(visitor.session().path("reason").asString()).isEqualTo("expired");
    assertThat(Visitor.json(visitor.get(TASKS)).path("reason").asString()).isEqualTo("expired");
  }

  @Test
  void sessionLifetime_isThatOfTheRealm() {
    var visitor = web.visitor().registered();
    var seconds =
        web.database()
            .sql(
                "select extract(epoch from expires_at - started_at)::bigint from web.session where"
                    + " subject = ?")
            .param(visitor.subject())
            .query(Long.class)
            .single();
    assertThat(seconds).isBetween(3500L, 3600L);
  }

  @Test
  void sealedTokens_copiedToAnotherRow_areRejected() {
    var victim = web.visitor().registered();
    var thief = web.visitor().registered();
    var of = thief.subject();
    web.database()
        .sql(
            "update web.session set sealed = (select sealed from web.session where subject = ?)"
                + " where subject = ?")
        .params(victim.subject(), of)
        .update();

    assertThat(thief.session().path("signedIn").asBoolean(true)).isFalse();
    assertThat(thief.get(TASKS).statusCode()).isEqualTo(401);
  }

  private static void awaitExpiry() {
    var end = Instant.now().plusSeconds(LIFE);
    await().atMost(Duration.ofSeconds(LIFE + 5)).until(() -> Instant.now().isAfter(end));
  }

  private int generation(Visitor visitor) {
    return web.database()
        .sql("select generation from web.session where subject = ?")
        .param(visitor.subject())
        .query(Integer.class)
        .single();
  }
}
