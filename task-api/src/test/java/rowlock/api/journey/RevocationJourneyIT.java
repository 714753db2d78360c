/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.local.AdminApi;
import rowlock.local.PostgresServer;
import rowlock.local.TestServers;
import rowlock.local.login.Tokens;
import rowlock.realm.Realm;

/**
 * What ends in Keycloak ends at the API, on each of its processes, with the very next call; and
 * nothing else does.
 */
class RevocationJourneyIT {

  private static final Duration LONG = Duration.ofSeconds(90);

  private static PostgresServer postgres;
  private static Rowlock one;
  private static Rowlock two;
  private static Cable cable;

  @BeforeAll
  static void startTwoProcesses() {
    postgres = TestServers.newPostgres();
    one = Rowlock.on(TestServers.keycloak(Rowlock.keycloaks()), postgres);
    two = one.replica();
    cable = new Cable(one.api("/").getPort());
    one.isToldAt(cable.url("/events"));
  }

  @AfterAll
  static void stop() {
    cable.close();
    two.close();
    one.close();
    postgres.close();
  }

  private static AdminApi admin() {
    return new AdminApi(one.keycloak());
  }

  private static String user(Person person) {
    return "/realms/" + Realm.NAME + "/users/" + person.subject();
  }

  private static Tokens signInAgain(Person person) {
    return one.signIn().login(person.email(), Rowlock.PASSWORD);
  }

  private static void isLetIn(Tokens tokens) {
    assertThat(list(one, tokens)).isEqualTo(200);
    assertThat(list(two, tokens)).isEqualTo(200);
  }

  private static void isCutOff(Tokens tokens) {
    assertThat(list(one, tokens)).isEqualTo(401);
    assertThat(list(two, tokens)).isEqualTo(401);
  }

  private static int list(Rowlock at, Tokens tokens) {
    return Person.send(at, "Bearer " + tokens.accessToken(), "GET", "/api/me/tasks", null).status();
  }

  @Test
  void whenAPersonLogsOut_thenThatSessionEndsAndTheOtherOneGoesOn() {
    Person person = one.newPerson();
    Tokens other = signInAgain(person);
    isLetIn(person.tokens());
    isLetIn(other);
    one.signIn().logout(person.tokens().refreshToken());
    isCutOff(person.tokens());
    isLetIn(other);
  }

  @Test
  void whenAnAdministratorLogsAPersonOut_thenAllSessionsEndAndANewOneCanBegin() {
    Person person = one.newPerson();
    Person bystander = one.newPerson();
    Tokens other = signInAgain(person);
    isLetIn(other);
    admin().post(user(person) + "/logout", "");
    isCutOff(person.tokens());
    isCutOff(other);
    isLetIn(signInAgain(person));
    isLetIn(bystander.tokens());
  }

  @Test
  void whenAnAccountIsDisabled_thenItsTokensEndForGood() {
    Person person = one.newPerson();
    isLetIn(person.tokens());
    admin().put(user(person), "{\"enabled\":false}");
    isCutOff(person.tokens());
    admin().put(user(person), "{\"enabled\":true}");
    isCutOff(person.tokens());
    await()
        .atMost(LONG)
        .untilAsserted(() -> isLetIn(signInAgain(person))); // not of the second of the cut
  }

  @Test
  void whenAnAccountIsDeleted_thenItsTokensEndAndItsTasksAreGone() {
    Person person = one.newPerson();
    Person bystander = one.newPerson();
    for (Person each : new Person[] {person, bystander}) {
      assertThat(each.send("POST", "/api/me/tasks", "{\"title\":\"Milk\"}").status())
          .isEqualTo(201);
    }
    admin().delete(user(person));
    isCutOff(person.tokens());
    assertThat(tasks(person)).isZero();
    assertThat(tasks(bystander)).isEqualTo(1);
    isLetIn(bystander.tokens());

    admin()
        .post(
            "/realms/" + Realm.NAME + "/users",
            """
            {"username": "%1$s", "email": "%1$s", "emailVerified": true, "enabled": true,
             "credentials": [{"type": "password", "value": "%2$s"}]}
            """
                .formatted(person.email(), Rowlock.PASSWORD));
    Tokens again = signInAgain(person);
    Person newcomer = new Person(one, person.email(), again);
    assertThat(newcomer.subject()).isNotEqualTo(person.subject());
    isLetIn(again);
    assertThat(newcomer.get("/api/me/tasks").json().path("items")).isEmpty();
  }

  private static long tasks(Person person) {
    Long count =
        one.database()
            .queryForObject(
                "select count(*) from api.task where owner_id = ?",
                Long.class,
                UUID.fromString(person.subject()));
    return count == null ? 0 : count;
  }

  @Test
  void whenAnAdministratorSetsAPassword_thenAllSessionsEnd() {
    Person person = one.newPerson();
    Tokens other = signInAgain(person);
    isLetIn(other);
    admin()
        .put(
            user(person) + "/reset-password",
            "{\"type\":\"password\",\"value\":\"amber-kettle-anchor-77\",\"temporary\":false}");
    isCutOff(person.tokens());
    isCutOff(other);
    isLetIn(one.signIn().login(person.email(), "amber-kettle-anchor-77"));
  }

  @Test
  void whenATokenIsRevoked_thenItsPartOfTheSessionEnds() {
    Person person = one.newPerson();
    Tokens other = signInAgain(person);
    isLetIn(person.tokens());
    one.signIn().revoke(person.tokens().refreshToken());
    isCutOff(person.tokens());
    isLetIn(other);
  }

  @Test
  void whenNoPushArrives_thenTheApiAsks() {
    Person left = one.newPerson();
    Person deleted = one.newPerson();
    Person stays = one.newPerson();
    isLetIn(left.tokens());
    cable.cut();
    try (Rowlock asks = one.replica("--rowlock.events.poll.interval=1s")) {
      one.signIn().logout(left.tokens().refreshToken());
      admin().delete(user(deleted));
      await().atMost(LONG).until(() -> list(asks, left.tokens()) == 401);
      await().atMost(LONG).until(() -> list(asks, deleted.tokens()) == 401);
      isCutOff(left.tokens());
      isCutOff(deleted.tokens());
      isLetIn(stays.tokens());
    } finally {
      cable.mend();
      pushesArriveAgain();
    }
  }

  /** The first push after one that has failed is not waited for, but made at once. */
  private static void pushesArriveAgain() {
    Person anybody = one.newPerson();
    one.signIn().logout(anybody.tokens().refreshToken());
    await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> isCutOff(anybody.tokens()));
  }

  @Test
  void whenTheNetworkIsCutAndTheDatabaseIsKilledInBetween_thenNothingIsLostAndNothingDoneTwice() {
    Person left = one.newPerson();
    Person deleted = one.newPerson();
    Person stays = one.newPerson();
    isLetIn(left.tokens());

    cable.cut();
    one.signIn().logout(left.tokens().refreshToken());
    admin().delete(user(deleted));
    postgres.kill();
    cable.mend();
    postgres.restart();

    await().atMost(LONG).untilAsserted(() -> isCutOff(left.tokens()));
    await().atMost(LONG).untilAsserted(() -> isCutOff(deleted.tokens()));
    isLetIn(stays.tokens());
    pushesArriveAgain();
    assertThat(rowsAbout(left)).isEqualTo(1);
    assertThat(
            one.database()
                .queryForObject(
                    "select count(*) from api.account_gate where sub = ?",
                    Long.class,
                    UUID.fromString(deleted.subject())))
        .isEqualTo(1);
  }

  @Test
  void whenALogoutHasBeenAnswered_thenNoCallIsLetInAnyMore() {
    assertThat(
            LogoutDelay.measure(
                    one.keycloak(), List.of(one.api("/api/me/tasks"), two.api("/api/me/tasks")), 6)
                .letIn())
        .isZero();
  }

  private static long rowsAbout(Person person) {
    Long count =
        one.database()
            .queryForObject(
                "select count(*) from api.revoked_session where sid = ?",
                Long.class,
                person.claims().path("sid").asString());
    return count == null ? 0 : count;
  }
}
