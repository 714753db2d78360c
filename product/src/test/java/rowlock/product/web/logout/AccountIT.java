/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Listing and ending the user's sessions on other devices. */
class AccountIT {
  private final TestWeb web = TestWeb.shared();

  @Test
  void list_containsOwnSessionsOnly() {
    var laptop = web.visitor().registered();
    var phone = signInAgain(laptop);
    var stranger = web.visitor().registered();

    var answer = laptop.get("/account/sessions");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var sessions = Visitor.json(answer);
    assertThat(sessions.size()).isEqualTo(2);
    assertThat(sessions.path(0).path("current").asBoolean()).isTrue();
    assertThat(sessions.path(1).path("current").asBoolean()).isFalse();
    assertThat(sessions.toString())
        .contains(phone.keycloakSession())
        .doesNotContain(stranger.keycloakSession());
    assertThat(laptop.everythingSeen()).doesNotContain("eyJ");
  }

  @Test
  void endOne_keepsTheOtherSessions() {
    var laptop = web.visitor().registered();
    var phone = signInAgain(laptop);
    var tablet = signInAgain(laptop);
    var id = tablet.keycloakSession();

    assertThat(laptop.send("DELETE", "/account/sessions/" + id, null).statusCode()).isEqualTo(204);

    awaitEnd(tablet);
    assertThat(laptop.get("/api/me/tasks").statusCode()).isEqualTo(200);
    assertThat(phone.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void endOne_ofAnotherUser_hasNoEffect() {
    var visitor = web.visitor().registered();
    var stranger = web.visitor().registered();

    visitor.send("DELETE", "/account/sessions/" + stranger.keycloakSession(), null);

    assertThat(stranger.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void endOthers_keepsTheCurrentSession() {
    var laptop = web.visitor().registered();
    var phone = signInAgain(laptop);

    assertThat(laptop.send("DELETE", "/account/sessions", null).statusCode()).isEqualTo(204);

    awaitEnd(phone);
    assertThat(laptop.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void signOutEverywhere_endsAllSessions() {
    var laptop = web.visitor().registered();
    var phone = signInAgain(laptop);

    var answer = laptop.send("POST", "/logout?everywhere=true", null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Visitor.json(answer).path("complete").asBoolean()).isTrue();

    awaitEnd(phone);
    assertThat(laptop.session().path("signedIn").asBoolean(true)).isFalse();
    assertThat(laptop.get("/api/me/tasks").statusCode()).isEqualTo(401);
  }

  @Test
  void signOutEverywhere_sessionAlreadyEnded_isReported() {
    var laptop = web.visitor().registered();
    // deleting the user causes no back-channel logout: token and refresh are rejected
    web.admin().delete(TestWeb.REALM + "/users/" + laptop.subject());

    var answer = laptop.send("POST", "/logout?everywhere=true", null);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
    assertThat(Visitor.json(answer).path("reason").asString()).isEqualTo("ended");
  }

  @Test
  void requests_withoutCsrfTokenOrSession_areRejected() {
    var visitor = web.visitor().registered();
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

  /** Signs the user in with another browser. */
  private Visitor signInAgain(Visitor user) {
    var other = web.visitor();
    other.signIn(user.email(), "/login");
    assertThat(other.session().path("signedIn").asBoolean()).isTrue();
    return other;
  }

  private static void awaitEnd(Visitor visitor) {
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> visitor.session().path("reason").asString().equals("ended"));
  }
}
