/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.web.TestWeb;
import rowlock.web.Visitor;

/** What is still there when something is away, and that it all comes back by itself. */
class OutageIT {

  private static final String TASKS = "/api/me/tasks";
  private static TestWeb web;

  @BeforeAll
  static void start() {
    web = TestWeb.alone();
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  @Test
  void whenTheApiIsAway_thenThePageIsToldAndTheSessionStays() {
    Visitor visitor = web.visitor().registered();
    web.stopApi();

    HttpResponse<String> call = visitor.get(TASKS);
    assertThat(call.statusCode()).isEqualTo(503);
    assertThat(Visitor.json(call).path("type").asString()).endsWith("/problems/api-unreachable");
    assertThat(call.headers().firstValue("Retry-After")).isPresent();
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();

    web.startApi();
    await().atMost(Duration.ofSeconds(60)).until(() -> visitor.get(TASKS).statusCode() == 200);
  }

  @Test
  void whenKeycloakIsAway_thenGoodTokensAreUsed_andTheSessionOutlivesIt() {
    web.accessTokensLive(5);
    Visitor visitor = web.visitor().registered();
    Instant expiry = Instant.now().plusSeconds(5);
    web.keycloak().kill();
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> Instant.now().isAfter(expiry));

    HttpResponse<String> call = visitor.get(TASKS);
    assertThat(call.statusCode()).isEqualTo(503);
    assertThat(Visitor.json(call).path("type").asString())
        .endsWith("/problems/service-unavailable");
    assertThat(call.headers().firstValue("Retry-After")).isPresent();
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
    HttpResponse<String> logout = web.visitor().get("/session");
    assertThat(logout.statusCode()).isEqualTo(200);

    web.keycloak().restart();
    assertThat(visitor.get(TASKS).statusCode()).isEqualTo(200);
    web.accessTokensLive(0);
  }

  @Test
  void whenTheDatabaseIsAway_thenThePageIsServedAndCallsWait() {
    Visitor visitor = web.visitor().registered();
    web.postgres().kill();
    try {
      HttpResponse<String> session = visitor.get("/session");
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
}
