/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.DeviceFlow;
import rowlock.local.login.Page;
import rowlock.product.TestProduct;
import rowlock.product.journey.Person.Answer;
import rowlock.realm.Realm;

/**
 * Checks a user's way through all parts: register, sign in, manage tasks. No other user can see or
 * change them.
 */
class JourneyIT {
  private final Rowlock rowlock = Rowlock.shared();

  @Test
  void userRegisters_andManagesATask() {
    var ada = rowlock.newPerson();

    var created =
        ada.send(
            "POST",
            "/api/me/tasks",
            "{\"title\":\"Water the plants\",\"description\":\"all of them\"}");

    assertThat(created.status()).isEqualTo(201);
    var id = created.json().path("id").asString();
    assertThat(UUID.fromString(id).version()).isEqualTo(7);
    assertThat(created.header("Location")).endsWith("/tasks/" + id);
    assertThat(ada.get("/api/me/tasks").json().path("items").get(0).path("title").asString())
        .isEqualTo("Water the plants");
    assertThat(ada.get("/api/" + ada.subject() + "/tasks/" + id).json()).isEqualTo(created.json());

    var toggled = ada.send("PATCH", "/api/me/tasks/" + id + "/complete", null);
    assertThat(toggled.json().path("completed").asBoolean()).isTrue();
    assertThat(toggled.json().path("completedAt").isNull()).isFalse();
    var set = ada.send("PATCH", "/api/me/tasks/" + id + "/complete", "{\"completed\":true}");
    assertThat(set.json().path("completed").asBoolean()).isTrue();
    var replaced = ada.send("PUT", "/api/me/tasks/" + id, "{\"title\":\"Water them twice\"}");
    assertThat(replaced.json().path("title").asString()).isEqualTo("Water them twice");
    assertThat(replaced.json().path("version").asLong())
        .isGreaterThan(created.json().path("version").asLong());

    assertThat(ada.send("DELETE", "/api/me/tasks/" + id, null).status()).isEqualTo(204);
    assertThat(ada.get("/api/me/tasks/" + id).status()).isEqualTo(404);
  }

  @Test
  void registeredUser_signsInAgain_findsTheSameTasks() {
    var registered = rowlock.newPerson();
    registered.send("POST", "/api/me/tasks", "{\"title\":\"Still here\"}");

    var tokens = rowlock.signIn().login(registered.email(), TestProduct.PASSWORD);
    var again = new Person(rowlock, registered.email(), tokens);

    assertThat(again.subject()).isEqualTo(registered.subject());
    assertThat(again.claims().path("sid").asString())
        .as("a separate session")
        .isNotEqualTo(registered.claims().path("sid").asString());
    assertThat(again.get("/api/me/tasks").json().path("items").get(0).path("title").asString())
        .isEqualTo("Still here");
  }

  @Test
  void aDeviceSignsInAndARefreshedTokenWorks() {
    var person = rowlock.newPerson();

    var device =
        new DeviceFlow(rowlock.keycloak().issuer(Realm.NAME), "task-cli")
            .login(person.email(), TestProduct.PASSWORD);
    assertThat(new Person(rowlock, person.email(), device).get("/api/me/tasks").status())
        .isEqualTo(200);

    var refreshed = rowlock.signIn().refresh(person.tokens().requireRefreshToken());
    assertThat(new Person(rowlock, person.email(), refreshed).get("/api/me/tasks").status())
        .isEqualTo(200);
  }

  @Test
  void wrongPasswordAndUnknownAccount_haveTheSamePage() {
    var person = rowlock.newPerson();

    var wrongPassword = attempt(person.email(), "not-the-password-9");
    var unknownAccount = attempt("unknown-" + person.email(), "not-the-password-9");

    assertThat(wrongPassword.hasForm("kc-form-login")).isTrue();
    assertThat(wrongPassword.document().select("[id^=input-error]").text())
        .isNotBlank()
        .isEqualTo(unknownAccount.document().select("[id^=input-error]").text());
  }

  private Page attempt(String email, String password) {
    var attempt = rowlock.signIn().begin();
    return attempt
        .loginPage()
        .submit("kc-form-login", Map.of("username", email, "password", password));
  }

  @Test
  void foreignTask_isAnsweredLikeAMissingOne() {
    var ada = rowlock.newPerson();
    var eve = rowlock.newPerson();
    var task =
        ada.send("POST", "/api/me/tasks", "{\"title\":\"private\"}").json().path("id").asString();
    var unknown = UUID.randomUUID().toString();

    for (var call :
        List.of(
            List.of("GET", "/%s", ""),
            List.of("PUT", "/%s", "{\"title\":\"mine now\"}"),
            List.of("DELETE", "/%s", ""),
            List.of("PATCH", "/%s/complete", ""),
            List.of("PATCH", "/%s/complete", "{\"completed\":true}"))) {
      String body = call.get(2).isEmpty() ? null : call.get(2);
      var none = eve.send(call.get(0), "/api/me/tasks" + call.get(1).formatted(unknown), body);
      for (var owner : List.of("me", eve.subject(), ada.subject(), unknown)) {
        var foreign =
            eve.send(call.get(0), "/api/" + owner + "/tasks" + call.get(1).formatted(task), body);
        assertThat(foreign.status()).as("%s as %s", call, owner).isEqualTo(404);
        assertThat(foreign.body()).isEqualTo(none.body());
        assertThat(headersOf(foreign)).isEqualTo(headersOf(none));
      }
    }
    var untouched = ada.get("/api/me/tasks/" + task);
    assertThat(untouched.json().path("title").asString()).isEqualTo("private");
    assertThat(untouched.json().path("version").asLong()).isEqualTo(1);
    assertThat(eve.get("/api/me/tasks").json().path("items")).isEmpty();
    assertThat(eve.get("/api/" + ada.subject() + "/tasks").status()).isEqualTo(404);
    assertThat(
            eve.send("POST", "/api/" + ada.subject() + "/tasks", "{\"title\":\"gift\"}").status())
        .isEqualTo(404);
  }

  private static Map<String, List<String>> headersOf(Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.response().headers().map());
    headers.remove("date");
    return headers;
  }

  @FieldReport("https://github.com/3scale/APIcast/issues/643")
  @Test
  void otherTokensOfTheSession_asAccessTokens_areRejected() {
    var person = rowlock.newPerson();

    for (var token : List.of(person.tokens().idToken(), person.tokens().requireRefreshToken())) {
      var refused = Person.send(rowlock, "Bearer " + token, "GET", "/api/me/tasks", null);
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate"))
          .startsWith("Bearer ")
          .contains("error=\"invalid_token\"");
      assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    }
  }

  @Test
  void accessToken_hasTheClaimsThatTheApiRequires() {
    var person = rowlock.newPerson();

    assertThat(person.claims().path("email").asString()).isEqualTo(person.email());
    assertThat(person.claims().path("aud").asString()).isEqualTo("task-api");
    assertThat(person.claims().path("client_id").asString()).isEqualTo("task-cli");
    assertThat(person.claims().path("sid").asString()).isNotBlank();
    assertThat(person.claims().path("exp").asLong() - person.claims().path("iat").asLong())
        .isEqualTo(300);
  }

  @Test
  void stepUp_recentOrStrongLogin_isRequired() {
    var person = rowlock.newPerson();
    var issuedAt = person.claims().path("iat").asLong();

    assertThat(person.claims().path("auth_time").isIntegralNumber()).isTrue();
    assertThat(person.claims().path("auth_time").asLong()).isBetween(issuedAt - 60, issuedAt);
    assertThat(person.claims().path("acr").asString()).isEqualTo("1");

    assertThat(person.get("/probe/me/recent").status()).isEqualTo(200);
    assertThat(person.get("/probe/me/both").status()).isEqualTo(200);
    assertThat(person.send("DELETE", "/api/me", null).status()).isEqualTo(204);
    var challenged = person.get("/probe/me/strong");
    assertThat(challenged.status()).isEqualTo(401);
    assertThat(challenged.header("WWW-Authenticate"))
        .contains("error=\"insufficient_user_authentication\"", "acr_values=\"2 gold\"");

    var refreshed = rowlock.signIn().refresh(person.tokens().requireRefreshToken());
    assertThat(new Person(rowlock, person.email(), refreshed).claims().path("auth_time"))
        .as("a refresh does not count as a login")
        .isEqualTo(person.claims().path("auth_time"));
  }
}
