/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.ConnectionCallback;
import rowlock.field.FieldReport;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.login.Tokens;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.product.LogoutDelay;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;

/**
 * Checks that an action in Keycloak ends the affected tokens at each process of the API with the
 * next call, and no other tokens.
 */
class RevocationJourneyIT {
  private static final Duration LONG = Duration.ofSeconds(90);

  private static PostgresServer postgres;
  private static Rowlock one;
  private static Rowlock two;
  private static TcpProxy network;

  @BeforeAll
  static void startTwoProcesses() {
    postgres = TestServers.newPostgres();
    one = Rowlock.on(TestServers.keycloak(TestProduct.keycloakSpec()), postgres);
    two = one.replica();
    network = new TcpProxy(one.api("/").getPort());
    one.receiveEventsAt(network.url("/events"));
  }

  @AfterAll
  static void stop() {
    network.close();
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
    return one.signIn().login(person.email(), TestProduct.PASSWORD);
  }

  private static void assertAccepted(Tokens tokens) {
    assertThat(list(one, tokens)).isEqualTo(200);
    assertThat(list(two, tokens)).isEqualTo(200);
  }

  private static void assertRejected(Tokens tokens) {
    assertThat(list(one, tokens)).isEqualTo(401);
    assertThat(list(two, tokens)).isEqualTo(401);
  }

  private static int list(Rowlock at, Tokens tokens) {
    return Person.send(at, "Bearer " + tokens.accessToken(), "GET", "/api/me/tasks", null).status();
  }

  @Test
  void logout_endsThatSessionOnly() {
    var person = one.newPerson();
    var other = signInAgain(person);
    assertAccepted(person.tokens());
    assertAccepted(other);
    one.signIn().logout(person.tokens().refreshToken());
    assertRejected(person.tokens());
    assertAccepted(other);
  }

  @FieldReport("https://github.com/keycloak/keycloak/pull/49576")
  @Test
  void adminLogout_endsAllSessions_newLoginWorks() {
    var person = one.newPerson();
    var bystander = one.newPerson();
    var other = signInAgain(person);
    assertAccepted(other);
    admin().post(user(person) + "/logout", "");
    assertRejected(person.tokens());
    assertRejected(other);
    assertAccepted(signInAgain(person));
    assertAccepted(bystander.tokens());
  }

  @Test
  void accountDisabled_tokensStayRejected() {
    var person = one.newPerson();
    assertAccepted(person.tokens());
    admin().put(user(person), "{\"enabled\":false}");
    assertRejected(person.tokens());
    admin().put(user(person), "{\"enabled\":true}");
    assertRejected(person.tokens());
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertAccepted(signInAgain(person))); // not within the second of the cut-off
  }

  @Test
  void accountDeleted_tasksStayInvisibleToNewAccount() {
    var person = one.newPerson();
    var bystander = one.newPerson();
    addTask(person);
    addTask(bystander);
    admin().delete(user(person));
    assertRejected(person.tokens());
    assertThat(tasks(person)).isEqualTo(1);
    assertThat(awaitsErasure(person)).isTrue();
    assertAccepted(bystander.tokens());

    admin()
        .post(
            "/realms/" + Realm.NAME + "/users",
            """
            {"username": "%1$s", "email": "%1$s", "emailVerified": true, "enabled": true,
             "credentials": [{"type": "password", "value": "%2$s"}]}
            """
                .formatted(person.email(), TestProduct.PASSWORD));
    var newcomer = new Person(one, person.email(), signInAgain(person));
    assertThat(newcomer.subject()).isNotEqualTo(person.subject());
    assertAccepted(newcomer.tokens());
    assertThat(items(newcomer)).isZero();

    reassign(person, newcomer);
    assertThat(items(newcomer)).isEqualTo(1);
    assertThat(items(bystander)).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/36408")
  @Test
  void importWithSameId_endsTokensAndKeepsTasks() {
    var person = one.newPerson();
    addTask(person);

    partialImport(person, person.subject());

    assertRejected(person.tokens());
    assertThat(awaitsErasure(person)).isFalse();
    await().atMost(LONG).untilAsserted(() -> assertAccepted(signInAgain(person)));
    assertThat(items(new Person(one, person.email(), signInAgain(person)))).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/14134")
  @Test
  void importWithoutId_operatorReassignsTasks() {
    var person = one.newPerson();
    addTask(person);

    partialImport(person, null);

    assertRejected(person.tokens());
    var successor = new Person(one, person.email(), signInAgain(person));
    assertThat(successor.subject()).isNotEqualTo(person.subject());
    assertThat(items(successor)).isZero();
    reassign(person, successor);
    assertThat(items(successor)).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/19257")
  @Test
  void deletedAccount_importedWithSameId_hasItsTasks() {
    var person = one.newPerson();
    addTask(person);
    admin().delete(user(person));
    assertRejected(person.tokens());

    partialImport(person, person.subject());

    await().atMost(LONG).until(() -> !awaitsErasure(person));
    await().atMost(LONG).untilAsserted(() -> assertAccepted(signInAgain(person)));
    assertThat(items(new Person(one, person.email(), signInAgain(person)))).isEqualTo(1);
    assertRejected(person.tokens());
  }

  /** As after a restore of Keycloak's database, which sends no event. */
  @Test
  void erasurePeriodEnds_apiChecksAccountAtKeycloak() {
    var exists = one.newPerson();
    var deleted = one.newPerson();
    addTask(exists);
    addTask(deleted);
    admin().delete(user(deleted));
    assertRejected(deleted.tokens());
    one.database()
        .update(
            "insert into rowlock.account_gate (sub, not_before, removed_at, erase_after) values (?, now(), now(), now())",
            UUID.fromString(exists.subject()));
    one.database()
        .update(
            "update rowlock.account_gate set erase_after = now() where sub = ?",
            UUID.fromString(deleted.subject()));
    assertRejected(exists.tokens());

    try (var poller = one.replica("--rowlock.events.poll.interval=1s")) {
      await().atMost(LONG).until(() -> !awaitsErasure(exists) && !awaitsErasure(deleted));
    }

    assertThat(tasks(deleted)).isZero();
    await().atMost(LONG).untilAsserted(() -> assertAccepted(signInAgain(exists)));
    assertThat(items(new Person(one, exists.email(), signInAgain(exists)))).isEqualTo(1);
  }

  private static void addTask(Person person) {
    assertThat(person.send("POST", "/api/me/tasks", "{\"title\":\"Milk\"}").status())
        .isEqualTo(201);
  }

  private static int items(Person person) {
    return person.get("/api/me/tasks").json().path("items").size();
  }

  private static void partialImport(Person person, @Nullable String id) {
    admin()
        .post(
            "/realms/" + Realm.NAME + "/partialImport",
            """
            {"ifResourceExists": "OVERWRITE", "users": [{%1$s
              "username": "%2$s", "email": "%2$s", "emailVerified": true, "enabled": true,
              "credentials": [{"type": "password", "value": "%3$s"}]}]}
            """
                .formatted(
                    id == null ? "" : "\"id\": \"" + id + "\",",
                    person.email(),
                    TestProduct.PASSWORD));
  }

  /** Reassigns tasks as docs/operations.md describes. */
  private static void reassign(Person from, Person to) {
    one.database()
        .execute(
            (ConnectionCallback<Boolean>)
                connection -> {
                  try (var statement = connection.createStatement()) {
                    statement.execute("set role rowlock_owner");
                    return statement.execute(
                        "select rowlock.reassign('%s', '%s', 'a test')"
                            .formatted(from.subject(), to.subject()));
                  }
                });
  }

  private static boolean awaitsErasure(Person person) {
    return Boolean.TRUE.equals(
        one.database()
            .queryForObject(
                "select exists (select from rowlock.account_gate where sub = ? and erase_after is not null)",
                Boolean.class,
                UUID.fromString(person.subject())));
  }

  private static long tasks(Person person) {
    var count =
        one.database()
            .queryForObject(
                "select count(*) from api.task where owner_id = ?",
                Long.class,
                UUID.fromString(person.subject()));
    return count == null ? 0 : count;
  }

  @Test
  void whenAnAdministratorSetsAPassword_thenAllSessionsEnd() {
    var person = one.newPerson();
    var other = signInAgain(person);
    assertAccepted(other);
    admin()
        .put(
            user(person) + "/reset-password",
            "{\"type\":\"password\",\"value\":\"amber-kettle-anchor-77\",\"temporary\":false}");
    assertRejected(person.tokens());
    assertRejected(other);
    assertAccepted(one.signIn().login(person.email(), "amber-kettle-anchor-77"));
  }

  @Test
  void tokenRevoked_endsThatClientSessionOnly() {
    var person = one.newPerson();
    var other = signInAgain(person);
    assertAccepted(person.tokens());
    one.signIn().revoke(person.tokens().refreshToken());
    assertRejected(person.tokens());
    assertAccepted(other);
  }

  @Test
  void noPushArrives_apiPollsForEvents() {
    var left = one.newPerson();
    var deleted = one.newPerson();
    var stays = one.newPerson();
    assertAccepted(left.tokens());
    network.cut();
    try (var poller = one.replica("--rowlock.events.poll.interval=1s")) {
      one.signIn().logout(left.tokens().refreshToken());
      admin().delete(user(deleted));
      await().atMost(LONG).until(() -> list(poller, left.tokens()) == 401);
      await().atMost(LONG).until(() -> list(poller, deleted.tokens()) == 401);
      assertRejected(left.tokens());
      assertRejected(deleted.tokens());
      assertAccepted(stays.tokens());
    } finally {
      network.restore();
      awaitPushes();
    }
  }

  /**
   * Waits until pushes succeed again. After a failure, the next push is not awaited by the logout.
   */
  private static void awaitPushes() {
    var user = one.newPerson();
    one.signIn().logout(user.tokens().refreshToken());
    await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> assertRejected(user.tokens()));
  }

  @Test
  void networkCutAndDatabaseKilled_eventsAreAppliedOnce() {
    var left = one.newPerson();
    var deleted = one.newPerson();
    var stays = one.newPerson();
    assertAccepted(left.tokens());

    network.cut();
    one.signIn().logout(left.tokens().refreshToken());
    admin().delete(user(deleted));
    postgres.kill();
    network.restore();
    postgres.restart();

    await().atMost(LONG).untilAsserted(() -> assertRejected(left.tokens()));
    await().atMost(LONG).untilAsserted(() -> assertRejected(deleted.tokens()));
    assertAccepted(stays.tokens());
    awaitPushes();
    assertThat(rowsAbout(left)).isEqualTo(1);
    assertThat(
            one.database()
                .queryForObject(
                    "select count(*) from rowlock.account_gate where sub = ?",
                    Long.class,
                    UUID.fromString(deleted.subject())))
        .isEqualTo(1);
  }

  @Test
  void logoutAnswered_noFurtherCallIsAccepted() {
    assertThat(
            LogoutDelay.measure(
                    one.keycloak(), List.of(one.api("/api/me/tasks"), two.api("/api/me/tasks")), 6)
                .accepted())
        .isZero();
  }

  private static long rowsAbout(Person person) {
    var count =
        one.database()
            .queryForObject(
                "select count(*) from rowlock.revoked_session where sid = ?",
                Long.class,
                person.claims().path("sid").asString());
    return count == null ? 0 : count;
  }
}
