/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import rowlock.web.Visitor;

/** What the page is told when the API does not answer as it should, or refuses. */
class RelayInTroubleIT extends BeforeRecordingApi {

  @Test
  void whenTheApiIsSlow_then504() {
    api.answers(
        exchange -> {
          LockSupport.parkNanos(2_500_000_000L);
          RecordingApi.ok(exchange);
        });
    HttpResponse<String> answer = call(request("/api/me/tasks"));
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(Visitor.json(answer).path("type").asString()).endsWith("/problems/api-timeout");
  }

  @Test
  void whenTheApiBreaksOff_thenThePageSeesThatItIsNotAll() {
    api.answers(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[100]);
          exchange.getResponseBody().flush();
          throw new IOException("cut");
        });
    assertThatThrownBy(() -> call(request("/api/me/tasks")))
        .hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void whenTheApiRefusesEvenANewToken_thenThePageIsToldToWait_andTheSessionStays() {
    Visitor other = WEB.visitor().registered();
    api.answers(
        exchange -> {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
          exchange.sendResponseHeaders(401, -1);
        });
    int before = api.count();
    HttpResponse<String> answer = Visitor.http(other.request(node, "/api/me/tasks").build());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    assertThat(api.count() - before).isEqualTo(2);
    assertThat(other.session().path("signedIn").asBoolean()).isTrue();

    api.answers(RecordingApi::ok);
    assertThat(Visitor.http(other.request(node, "/api/me/tasks").build()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void whenTheApiRefusesTheToken_andTheIssuerTheRefresh_thenTheSessionIsOver() {
    Visitor other = WEB.visitor().registered();
    WEB.admin().delete("/realms/rowlock/users/" + other.subject());
    api.answers(exchange -> exchange.sendResponseHeaders(401, -1));

    HttpResponse<String> answer = Visitor.http(other.request(node, "/api/me/tasks").build());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(answer).path("reason").asString()).isEqualTo("ended");
  }

  @Test
  void whenOnlyTheOldTokenIsRefused_thenThePageNoticesNothing() {
    Visitor other = WEB.visitor().registered();
    int before = api.count();
    api.answers(
        exchange -> {
          if (api.count() - before == 1) {
            exchange.sendResponseHeaders(401, -1);
          } else {
            RecordingApi.ok(exchange);
          }
        });
    HttpRequest.Builder post =
        other
            .request(node, "/api/me/tasks")
            .POST(BodyPublishers.ofString("{\"title\":\"kept\"}"))
            .header("X-CSRF-Token", other.csrf());
    assertThat(Visitor.http(post.build()).statusCode()).isEqualTo(200);
    assertThat(api.count() - before).isEqualTo(2);
    assertThat(new String(api.last().body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"title\":\"kept\"}");
  }

  @Test
  void whenAStrongerSignInIsAskedFor_thenTheSessionStays() {
    api.answers(
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("WWW-Authenticate", "Bearer error=\"insufficient_user_authentication\"");
          exchange.sendResponseHeaders(401, -1);
        });
    assertThat(call(request("/api/me/tasks")).statusCode()).isEqualTo(401);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }
}
