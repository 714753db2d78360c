/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;
import tools.jackson.databind.JsonNode;

/** A person sees their sessions and ends any or all of them. */
class AccountIT {

  private final TestWeb web = TestWeb.shared();

  @Test
  void aPersonSeesTheirSessionsAndNobodyElses() {
    Visitor laptop = web.visitor().registered();
    Visitor phone = again(laptop);
    Visitor stranger = web.visitor().registered();

    HttpResponse<String> answer = laptop.get("/account/sessions");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode sessions = Visitor.json(answer);
    assertThat(sessions.size()).isEqualTo(2);
    assertThat(sessions.path(0).path("current").asBoolean()).isTrue();
    assertThat(sessions.path(1).path("current").asBoolean()).isFalse();
    assertThat(sessions.toString())
        .contains(phone.keycloakSession())
        .doesNotContain(stranger.keycloakSession());
    assertThat(laptop.everythingSeen()).doesNotContain("eyJ");
  }

  @Test
  void endingOneLeavesTheOthersAlone() {
    Visitor laptop = web.visitor().registered();
    Visitor phone = again(laptop);
    Visitor tablet = again(laptop);
    String id = tablet.keycloakSession();

    assertThat(laptop.send("DELETE", "/account/sessions/" + id, null).statusCode()).isEqualTo(204);

    awaitEnd(tablet);
    assertThat(laptop.get("/api/me/tasks").statusCode()).isEqualTo(200);
    assertThat(phone.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void endingASessionOfSomebodyElseDoesNothing() {
    Visitor visitor = web.visitor().registered();
    Visitor stranger = web.visitor().registered();

    visitor.send("DELETE", "/account/sessions/" + stranger.keycloakSession(), null);

    assertThat(stranger.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void endingAllOthersLeavesThisOne() {
    Visitor laptop = web.visitor().registered();
    Visitor phone = again(laptop);

    assertThat(laptop.send("DELETE", "/account/sessions", null).statusCode()).isEqualTo(204);

    awaitEnd(phone);
    assertThat(laptop.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void signingOutEverywhereEndsAll() {
    Visitor laptop = web.visitor().registered();
    Visitor phone = again(laptop);

    HttpResponse<String> answer = laptop.send("POST", "/logout?everywhere=true", null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Visitor.json(answer).path("complete").asBoolean()).isTrue();

    awaitEnd(phone);
    assertThat(laptop.session().path("signedIn").asBoolean(true)).isFalse();
    assertThat(laptop.get("/api/me/tasks").statusCode()).isEqualTo(401);
  }

  @Test
  void signingOutEverywhereDoesNotSayDoneWhenItWasNot() {
    Visitor laptop = web.visitor().registered();
    // an end that no back channel tells of: the token is refused, and the refresh too
    web.admin().delete(TestWeb.REALM + "/users/" + laptop.subject());

    HttpResponse<String> answer = laptop.send("POST", "/logout?everywhere=true", null);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(Visitor.json(answer).path("reason").asString()).isEqualTo("ended");
  }

  @Test
  void theseRequestsToo_areThePagesOnly() {
    Visitor visitor = web.visitor().registered();
    assertThat(
            visitor
                .send(
                    visitor
                        .request(web.address(), "/account/sessions")
                        .method("DELETE", java.net.http.HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(403);
    assertThat(web.visitor().get("/account/sessions").statusCode()).isEqualTo(401);
  }

  /** The same person in front of another browser. */
  private Visitor again(Visitor person) {
    Visitor other = web.visitor();
    other.signIn(person.email(), "/login");
    assertThat(other.session().path("signedIn").asBoolean()).isTrue();
    return other;
  }

  private static void awaitEnd(Visitor visitor) {
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> visitor.session().path("reason").asString().equals("ended"));
  }
}
