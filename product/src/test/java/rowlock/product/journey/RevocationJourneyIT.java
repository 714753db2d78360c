/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Statement;
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
 * What ends in Keycloak ends at the API, on each of its processes, with the very next call; and
 * nothing else does.
 */
class RevocationJourneyIT {

  private static final Duration LONG = Duration.ofSeconds(90);

  private static PostgresServer postgres;
  private static Rowlock one;
  private static Rowlock two;
  private static TcpProxy proxy;

  @BeforeAll
  static void startTwoProcesses() {
    postgres = TestServers.newPostgres();
    one = Rowlock.on(TestServers.keycloak(TestProduct.keycloaks()), postgres);
    two = one.replica();
    proxy = new TcpProxy(one.api("/").getPort());
    one.isToldAt(proxy.url("/events"));
  }

  @AfterAll
  static void stop() {
    proxy.close();
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

  @FieldReport("https://github.com/keycloak/keycloak/pull/49576")
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
  void whenAnAccountIsDeleted_thenItsTokensEndAndNoOtherAccountSeesItsTasks() {
    Person person = one.newPerson();
    Person bystander = one.newPerson();
    addTask(person);
    addTask(bystander);
    admin().delete(user(person));
    isCutOff(person.tokens());
    assertThat(tasks(person)).isEqualTo(1);
    assertThat(awaitsErasure(person)).isTrue();
    isLetIn(bystander.tokens());

    admin()
        .post(
            "/realms/" + Realm.NAME + "/users",
            """
            {"username": "%1$s", "email": "%1$s", "emailVerified": true, "enabled": true,
             "credentials": [{"type": "password", "value": "%2$s"}]}
            """
                .formatted(person.email(), TestProduct.PASSWORD));
    Person newcomer = new Person(one, person.email(), signInAgain(person));
    assertThat(newcomer.subject()).isNotEqualTo(person.subject());
    isLetIn(newcomer.tokens());
    assertThat(items(newcomer)).isZero();

    reassign(person, newcomer);
    assertThat(items(newcomer)).isEqualTo(1);
    assertThat(items(bystander)).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/36408")
  @Test
  void whenAnImportOverwritesAnAccountWithItsId_thenItsTokensEndAndItsTasksStay() {
    Person person = one.newPerson();
    addTask(person);

    partialImport(person, person.subject());

    isCutOff(person.tokens());
    assertThat(awaitsErasure(person)).isFalse();
    await().atMost(LONG).untilAsserted(() -> isLetIn(signInAgain(person)));
    assertThat(items(new Person(one, person.email(), signInAgain(person)))).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/14134")
  @Test
  void whenAnImportOverwritesAnAccountWithoutItsId_thenTheNewOneGetsTheTasksFromAnOperator() {
    Person person = one.newPerson();
    addTask(person);

    partialImport(person, null);

    isCutOff(person.tokens());
    Person successor = new Person(one, person.email(), signInAgain(person));
    assertThat(successor.subject()).isNotEqualTo(person.subject());
    assertThat(items(successor)).isZero();
    reassign(person, successor);
    assertThat(items(successor)).isEqualTo(1);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/19257")
  @Test
  void whenADeletedAccountIsImportedWithItsId_thenItHasItsTasksAgain() {
    Person person = one.newPerson();
    addTask(person);
    admin().delete(user(person));
    isCutOff(person.tokens());

    partialImport(person, person.subject());

    await().atMost(LONG).until(() -> !awaitsErasure(person));
    await().atMost(LONG).untilAsserted(() -> isLetIn(signInAgain(person)));
    assertThat(items(new Person(one, person.email(), signInAgain(person)))).isEqualTo(1);
    isCutOff(person.tokens());
  }

  /** As after a restore of Keycloak's database, of which no event tells. */
  @Test
  void whenThePeriodOfAnAccountEnds_thenKeycloakIsAskedWhetherItExists() {
    Person exists = one.newPerson();
    Person deleted = one.newPerson();
    addTask(exists);
    addTask(deleted);
    admin().delete(user(deleted));
    isCutOff(deleted.tokens());
    one.database()
        .update(
            "insert into rowlock.account_gate (sub, not_before, removed_at, erase_after) values (?, now(), now(), now())",
            UUID.fromString(exists.subject()));
    one.database()
        .update(
            "update rowlock.account_gate set erase_after = now() where sub = ?",
            UUID.fromString(deleted.subject()));
    isCutOff(exists.tokens());

    try (Rowlock asks = one.replica("--rowlock.events.poll.interval=1s")) {
      await().atMost(LONG).until(() -> !awaitsErasure(exists) && !awaitsErasure(deleted));
    }

    assertThat(tasks(deleted)).isZero();
    await().atMost(LONG).untilAsserted(() -> isLetIn(signInAgain(exists)));
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

  /** As docs/operations.md says. */
  private static void reassign(Person from, Person to) {
    one.database()
        .execute(
            (ConnectionCallback<Boolean>)
                connection -> {
                  try (Statement statement = connection.createStatement()) {
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
    proxy.cut();
    try (Rowlock asks = one.replica("--rowlock.events.poll.interval=1s")) {
      one.signIn().logout(left.tokens().refreshToken());
      admin().delete(user(deleted));
      await().atMost(LONG).until(() -> list(asks, left.tokens()) == 401);
      await().atMost(LONG).until(() -> list(asks, deleted.tokens()) == 401);
      isCutOff(left.tokens());
      isCutOff(deleted.tokens());
      isLetIn(stays.tokens());
    } finally {
      proxy.mend();
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

    proxy.cut();
    one.signIn().logout(left.tokens().refreshToken());
    admin().delete(user(deleted));
    postgres.kill();
    proxy.mend();
    postgres.restart();

    await().atMost(LONG).untilAsserted(() -> isCutOff(left.tokens()));
    await().atMost(LONG).untilAsserted(() -> isCutOff(deleted.tokens()));
    isLetIn(stays.tokens());
    pushesArriveAgain();
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
                "select count(*) from rowlock.revoked_session where sid = ?",
                Long.class,
                person.claims().path("sid").asString());
    return count == null ? 0 : count;
  }
}
