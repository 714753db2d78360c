/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;
import rowlock.keycloak.revocation.RevocationRealm.Person;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** A change and its event are committed together or not at all. */
class OneTransactionIT {
  private static final String REFUSE =
      """
      create function refuse() returns trigger language plpgsql as
        $$ begin raise exception 'refused by the test'; end $$""";

  private static PostgresServer postgres;
  private static KeycloakServer server;
  private static RevocationRealm realm;
  private static EventReceiver receiver;

  @BeforeAll
  static void start() throws SQLException {
    postgres = TestServers.newKeycloakPostgres(ExtensionServer.spec(RevocationRealm.REALM));
    server = TestServers.newKeycloak(ExtensionServer.spec(RevocationRealm.REALM), postgres);
    realm = new RevocationRealm(server);
    receiver = new EventReceiver(server, RevocationRealm.REALM);
    realm.attributes("api", Map.of("rowlock.events.push.url", receiver.url().toString()));
    sql(REFUSE);
  }

  @AfterAll
  static void stop() {
    receiver.close();
    server.close();
    postgres.close();
  }

  @AfterEach
  void dropTriggers() throws SQLException {
    sql("drop trigger if exists refuse on outbox_entry");
    sql("drop trigger if exists refuse on user_entity");
  }

  @Test
  void outboxWriteFails_changeIsRolledBack() throws SQLException {
    var person = realm.person();
    var login = realm.login("app", person);
    sql(
        "create trigger refuse before insert on outbox_entry for each row execute function refuse()");

    assertThatThrownBy(() -> disable(person)).hasMessageContaining("was answered");
    var logout =
        realm.post("logout", Map.of("client_id", "app", "refresh_token", login.refreshToken()));

    assertThat(logout.status()).isGreaterThanOrEqualTo(400);
    assertThat(isEnabled(person)).isTrue();
    assertThat(realm.lives("app", login)).isTrue();
    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void commitFails_noEventIsSent() throws SQLException {
    var person = realm.person();
    sql(
        """
        create constraint trigger refuse after update on user_entity
          deferrable initially deferred for each row execute function refuse()""");

    assertThatThrownBy(() -> disable(person)).hasMessageContaining("was answered");

    assertThat(isEnabled(person)).isTrue();
    assertThat(receiver.about(person.id())).isEmpty();
    assertThat(messagesAbout(person)).isZero();
  }

  @Test
  void aListenerThatFailsIsCountedAndTheLoginSucceeds() throws SQLException {
    var person = realm.person();
    sql("alter table rowlock_browser rename to missing");
    try {
      var login = realm.login(realm.flow("app"), realm.flow("app").newBrowser(), person);

      assertThat(realm.lives("app", login)).isTrue();
      assertThat(
              realm.metric(
                  "rowlock_listener_failures_total",
                  "listener=\"rowlock-browsers\"",
                  "operation=\"LOGIN\""))
          .isEqualTo(1);
    } finally {
      sql("alter table missing rename to rowlock_browser");
    }
  }

  @Test
  void removedRealm_leavesNoMessages() throws SQLException {
    realm
        .admin()
        .post(
            "/realms",
            """
            {"realm": "doomed", "enabled": true,
             "clients": [
               {"clientId": "api", "bearerOnly": true, "attributes": {"rowlock.events.push.url": "%s"}},
               {"clientId": "other-api", "bearerOnly": true, "attributes": {"rowlock.events.poll": "true"}},
               {"clientId": "app", "publicClient": true, "directAccessGrantsEnabled": true}],
             "users": [
               {"username": "ida", "enabled": true, "email": "ida@example.org", "firstName": "Ida", "lastName": "Lewis",
                "credentials": [{"type": "password", "value": "%s"}]}]}
            """
                .formatted(receiver.url(), RevocationRealm.PASSWORD));
    var doomed = realm.admin().get("/realms/doomed").path("id").asString();
    var login =
        Map.of(
            "grant_type", "password",
            "client_id", "app",
            "username", "ida",
            "password", RevocationRealm.PASSWORD);
    assertThat(realm.postIn("doomed", "/protocol/openid-connect/token", login).status())
        .isEqualTo(200);
    var user = realm.admin().get("/realms/doomed/users?username=ida").path(0).path("id").asString();
    realm.admin().put("/realms/doomed/users/" + user, "{\"enabled\":false}");
    assertThat(count("select count(*) from outbox_entry where realm_id = ?", doomed)).isEqualTo(2);

    realm.admin().delete("/realms/doomed");

    assertThat(count("select count(*) from outbox_entry where realm_id = ?", doomed)).isZero();
  }

  private static void disable(Person person) {
    realm.admin().put(realm.path("/users/" + person.id()), "{\"enabled\":false}");
  }

  private static boolean isEnabled(Person person) {
    var user = realm.admin().get(realm.path("/users/" + person.id()));
    return user.path("enabled").asBoolean();
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = postgres.connect("keycloak");
        var any = connection.createStatement()) {
      any.execute(statement);
    }
  }

  private static long messagesAbout(Person person) throws SQLException {
    return count("select count(*) from outbox_entry where payload like ?", "%" + person.id() + "%");
  }

  private static long count(String query, String parameter) throws SQLException {
    try (var connection = postgres.connect("keycloak");
        var counts = connection.prepareStatement(query)) {
      counts.setString(1, parameter);
      try (var rows = counts.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
