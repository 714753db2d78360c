/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Outages of Keycloak, the API and the database: degraded service and automatic recovery. */
@Tag("thorough")
class OutageIT {
  private static final String TASKS = "/api/me/tasks";
  private static TestWeb web;

  @BeforeAll
  static void start() {
    web = TestWeb.isolated();
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @Test
  void apiDown_is503_andTheSessionIsKept() {
    var visitor = web.visitor().registered();
    web.stopApi();

    var call = visitor.get(TASKS);
    assertThat(call.statusCode()).isEqualTo(503);
    assertThat(Visitor.json(call).path("type").asString()).endsWith("/problems/api-unreachable");
    assertThat(call.headers().firstValue("Retry-After")).isPresent();
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();

    web.startApi();
    await().atMost(Duration.ofSeconds(60)).until(() -> visitor.get(TASKS).statusCode() == 200);
  }

  @Test
  void keycloakDown_validTokensAreUsed_andTheSessionIsKept() {
    web.setAccessTokenLifetime(5);
    var visitor = web.visitor().registered();
    var expiry = Instant.now().plusSeconds(5);
    web.keycloak().kill();
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> Instant.now().isAfter(expiry));

    var call = visitor.get(TASKS);
    assertThat(call.statusCode()).isEqualTo(503);
    assertThat(Visitor.json(call).path("type").asString())
        .endsWith("/problems/service-unavailable");
    assertThat(call.headers().firstValue("Retry-After")).isPresent();
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
    var everywhere = visitor.send("POST", "/logout?everywhere=true", null);
    assertThat(everywhere.statusCode()).isEqualTo(503);
    assertThat(visitor.session().path("signedIn").asBoolean()).as("nothing has ended").isTrue();
    assertThat(web.visitor().get("/session").statusCode()).isEqualTo(200);

    web.keycloak().restart();
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    web.setAccessTokenLifetime(0);
  }

  @FieldReport("https://github.com/openbikesensor/portal/issues/217")
  @Test
  void logout_keycloakDown_isSentAfterTheRestart() {
    var visitor = web.visitor().registered();
    var subject = visitor.subject();
    web.keycloak().kill();

    var logout = visitor.send("POST", "/logout", null);
    assertThat(logout.statusCode()).isEqualTo(200);
    assertThat(logout.body()).isEqualTo("{\"next\":\"/\",\"complete\":false}");
    assertThat(visitor.session().path("reason").asString()).isEqualTo("signed-out");
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(401);
    assertThat(pendingLogouts()).isEqualTo(1);

    web.keycloak().restart();
    var login = visitor.browser().open(web.at("/login"));
    assertThat(login.hasForm("kc-form-login")).as("no silent sign-in").isTrue();
    assertThat(login.address().toString()).startsWith(web.keycloak().url().toString());
    await().atMost(Duration.ofSeconds(30)).until(() -> pendingLogouts() == 0);
    assertThat(web.admin().get(TestWeb.REALM + "/users/" + subject + "/sessions").size()).isZero();
  }

  @Test
  void keycloakDown_refreshIsPaused_whileTheTokenIsValid() {
    web.setAccessTokenLifetime(30);
    var visitor = web.visitor().registered();
    var soon = Instant.now().plusSeconds(24); // the last fifth of its lifetime
    web.keycloak().kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> Instant.now().isAfter(soon));
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    var before = refreshes();
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    assertThat(refreshes()).as("paused after the failure").isEqualTo(before);

    web.keycloak().restart();
    web.setAccessTokenLifetime(0);
  }

  @Test
  void databaseDown_pageIsServed_andCallsAre503() {
    var visitor = web.visitor().registered();
    var returning = web.visitorStoppingAtCallback();
    var callback = returning.signIn(visitor.email(), "/login").address();
    var attempt =
        "__Host-rowlock-login-"
            + callback.getQuery().replaceAll("(?:.*&)?\\bstate=(.{10}).*", "$1");
    web.postgres().kill();
    try {
      var back =
          Visitor.http(
              HttpRequest.newBuilder(callback)
                  .header("Cookie", attempt + "=" + returning.browser().cookie(attempt))
                  .build());
      assertThat(back.statusCode()).isEqualTo(303);
      assertThat(back.headers().firstValue("Location"))
          .hasValue(web.address() + "/?login=unavailable");
      var session = visitor.get("/session");
      assertThat(session.statusCode()).isEqualTo(503);
      assertThat(session.headers().firstValue("Retry-After")).isPresent();
      assertThat(visitor.get(TASKS).statusCode()).isEqualTo(503);
      assertThat(Visitor.http(HttpRequest.newBuilder(web.at("/")).build()).statusCode())
          .isEqualTo(200);
    } finally {
      web.postgres().restart();
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> visitor.get(TASKS).statusCode() == 200);
  }

  private static long pendingLogouts() {
    return web.database().sql("select count(*) from web.ending").query(Long.class).single();
  }

  private static long refreshes() {
    return web.node().getBean(MeterRegistry.class).find("rowlock.web.refresh").timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }
}
