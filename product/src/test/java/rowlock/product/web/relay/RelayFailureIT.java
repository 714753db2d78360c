/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.field.FieldReport;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Problems that the page receives if the API fails or rejects the token. */
@ExtendWith(OutputCaptureExtension.class)
class RelayFailureIT extends RelayTestBase {
  @Test
  void slowApi_is504() {
    api.respondWith(
        exchange -> {
          LockSupport.parkNanos(2_500_000_000L);
          RecordingApi.ok(exchange);
        });
    var answer = call(request("/api/me/tasks"));
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(Visitor.json(answer).path("type").asString()).endsWith("/problems/api-timeout");
  }

  @Test
  void incompleteShortResponse_isReported() {
    respondIncompletely(1000);

    var answer = call(request("/api/me/tasks"));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(Visitor.json(answer).path("type").asString())
        .endsWith("/problems/api-answer-unreadable");
  }

  @Test
  void incompleteLongResponse_breaksTheConnection() {
    respondIncompletely(100_000);

    assertThatThrownBy(() -> call(request("/api/me/tasks")))
        .hasRootCauseInstanceOf(IOException.class);
  }

  private void respondIncompletely(int length) {
    api.respondWith(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, length);
          exchange.getResponseBody().write(new byte[length / 10]);
          exchange.getResponseBody().flush();
          throw new IOException("cut");
        });
  }

  @FieldReport("https://github.com/supertokens/supertokens-website/issues/164")
  @Test
  void tokenRejectedAfterRefresh_isReported_withoutRefreshStorm(CapturedOutput output) {
    var other = WEB.visitor().registered();
    api.respondWith(
        exchange -> {
          exchange
              .getResponseHeaders()
              .set(
                  "WWW-Authenticate",
                  "Bearer error=\"invalid_token\","
                      + " error_description=\"The access token is not valid\", claim=\"sid\"");
          exchange.sendResponseHeaders(401, -1);
        });
    var calls = api.count();
    var refreshes = WEB.refreshesAtKeycloak();
    var answer = Visitor.http(other.request(node, "/api/me/tasks").build());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(Visitor.json(answer).path("type").asString())
        .endsWith("/problems/access-token-rejected");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    assertThat(api.count() - calls).isEqualTo(2);
    assertThat(output.getOut())
        .contains("The API rejected an access token that was just issued")
        .contains("error=invalid_token")
        .contains("claim=sid")
        .containsPattern("size=[0-9]+ bytes");

    var post =
        other
            .request(node, "/api/me/tasks")
            .POST(BodyPublishers.ofString("{\"title\":\"kept\"}"))
            .header("X-CSRF-Token", other.csrf());
    var write = post.build();
    for (var i = 0; i < 20; i++) {
      var read = other.request(node, "/api/me/tasks").build();
      assertThat(Visitor.http(i % 2 == 0 ? read : write).statusCode()).isEqualTo(403);
    }
    try (var browsers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (var i = 0; i < 20; i++) {
        var read = other.request(node, "/api/me/tasks").build();
        answers.add(browsers.submit(() -> Visitor.http(read).statusCode()));
      }
      assertThat(answers).allSatisfy(each -> assertThat(each.get()).isEqualTo(403));
    }
    // one at once, and one more after the first pause of five seconds
    assertThat(WEB.refreshesAtKeycloak() - refreshes).isBetween(1L, 2L);
    assertThat(other.session().path("signedIn").asBoolean()).isTrue();

    api.respondWith(RecordingApi::ok);
    assertThat(Visitor.http(other.request(node, "/api/me/tasks").build()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void tokenAndRefreshRejected_endTheSession() {
    var other = WEB.visitor().registered();
    WEB.admin().delete(TestWeb.REALM + "/users/" + other.subject());
    api.respondWith(exchange -> exchange.sendResponseHeaders(401, -1));

    var answer = Visitor.http(other.request(node, "/api/me/tasks").build());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(answer).path("reason").asString()).isEqualTo("ended");
  }

  @Test
  void tokenRejectedOnce_isRefreshedTransparently() {
    var other = WEB.visitor().registered();
    var before = api.count();
    api.respondWith(
        exchange -> {
          if (api.count() - before == 1) {
            exchange.sendResponseHeaders(401, -1);
          } else {
            RecordingApi.ok(exchange);
          }
        });
    var post =
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
  void stepUpChallenge_isRelayed_andTheSessionIsKept() {
    api.respondWith(
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
