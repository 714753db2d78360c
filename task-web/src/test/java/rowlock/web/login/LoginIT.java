/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.Page;
import rowlock.web.TestWeb;
import rowlock.web.Visitor;
import tools.jackson.databind.JsonNode;

/** From the first visit to the first task, and what must not happen on the way. */
class LoginIT {

  private static final String TOKEN = "eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+";

  private final TestWeb web = TestWeb.shared();

  @Test
  void whoRegistersComesBackSignedInAndKeepsTasks() {
    Visitor visitor = web.visitor().registered();

    JsonNode session = visitor.session();
    assertThat(session.path("signedIn").asBoolean()).isTrue();
    assertThat(session.path("email").asString()).isEqualTo(visitor.email());

    HttpResponse<String> created =
        visitor.send("POST", "/api/me/tasks", "{\"title\":\"Water the plants\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    String place = created.headers().firstValue("Location").orElseThrow();
    assertThat(place).startsWith("/api/me/tasks/");
    HttpResponse<String> read = visitor.get(place);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.headers().firstValue("ETag")).isPresent();
    assertThat(Visitor.json(read).path("title").asString()).isEqualTo("Water the plants");
  }

  @Test
  void noAnswerAndNoRowShowsAToken() {
    Visitor visitor = web.visitor().registered();
    visitor.send("POST", "/api/me/tasks", "{\"title\":\"Water the plants\"}");
    visitor.get("/");

    assertThat(visitor.everythingSeen()).doesNotContainPattern(TOKEN);
    List<String> rows =
        web.database()
            .sql(
                "select encode(sealed, 'escape') || subject || encode(id, 'hex') from"
                    + " web.session where sealed is not null")
            .query(String.class)
            .list();
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(row)
                    .doesNotContainPattern(TOKEN)
                    .doesNotContain(visitor.email())
                    .doesNotContain(visitor.cookie()));
  }

  @Test
  void aVisitorWithoutASessionIsToldSoAndNeverRedirected() {
    HttpResponse<String> call = Visitor.http(get("/api/me/tasks"));
    assertThat(call.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(call).path("reason").asString()).isEqualTo("none");
    assertThat(call.headers().firstValue("Set-Cookie")).isEmpty();

    HttpResponse<String> session = Visitor.http(get("/session"));
    assertThat(session.statusCode()).isEqualTo(200);
    assertThat(Visitor.json(session).path("signedIn").asBoolean(true)).isFalse();
  }

  @Test
  void theAuthorizationRequestHasAllItsTies() {
    HttpResponse<String> leaving =
        Visitor.http(
            HttpRequest.newBuilder(web.at("/login?to=/&scope=offline_access&kc_idp_hint=evil"))
                .header("Host-Override", "evil.example")
                .build());

    String to = leaving.headers().firstValue("Location").orElseThrow();
    assertThat(to)
        .startsWith(web.keycloak().issuer("rowlock"))
        .contains("response_type=code", "code_challenge_method=S256", "code_challenge=")
        .contains("state=", "nonce=", "client_id=task-web")
        .contains("redirect_uri=" + web.address() + "/login/oauth2/code/rowlock")
        .doesNotContain("offline_access", "evil");
    assertThat(leaving.headers().allValues("Set-Cookie"))
        .singleElement()
        .asString()
        .startsWith("__Host-rowlock-login-")
        .contains("Path=/", "Secure", "HttpOnly", "SameSite=Lax")
        .doesNotContain("Domain");
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/34014")
  @Test
  void theCookieOfTheSessionIsNewAtEverySignIn() {
    Visitor visitor = web.visitor().registered();
    String first = visitor.cookie();
    Page back = visitor.signIn(visitor.email(), "/login");

    assertThat(back.address()).hasPath("/");
    assertThat(visitor.cookie()).isNotEqualTo(first).hasSize(43);
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(web.at(path)).build();
  }
}
