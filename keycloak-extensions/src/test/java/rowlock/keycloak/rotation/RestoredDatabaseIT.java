/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;

/** Restores Keycloak's database to an older state, after which all sessions must be ended. */
@Tag("thorough")
class RestoredDatabaseIT {
  private PostgresServer postgres;
  private KeycloakServer server;
  private RotationRealm realm;

  @BeforeEach
  void start() {
    postgres = TestServers.newKeycloakPostgres(ExtensionServer.spec(RotationRealm.REALM));
    server = TestServers.newKeycloak(ExtensionServer.spec(RotationRealm.REALM), postgres);
    realm = new RotationRealm(server);
  }

  @AfterEach
  void stop() {
    server.close();
    postgres.close();
  }

  @Test
  void restoredDatabase_revivesSessionsUntilAllAreSignedOut() throws SQLException {
    var atBackup = realm.login("default-grace", realm.user()).refreshToken();
    var active = RotatedSession.prepared(realm, "default-grace", realm.user());
    var other = RotatedSession.prepared(realm, "default-grace", realm.user());
    server.close();
    copy("keycloak", "backup");
    server.restart();
    var ended = realm.refresh("default-grace", atBackup).refreshToken();
    var session = RotationRealm.claims(ended).path("sid").asString();
    realm.admin().delete("/realms/" + RotationRealm.REALM + "/sessions/" + session);
    assertThat(realm.refresh("default-grace", ended).status()).isEqualTo(400);
    var newest = realm.refresh("default-grace", active.newest()).refreshToken();
    var newestOfOther = realm.refresh("default-grace", other.newest()).refreshToken();
    server.close();
    copy("backup", "keycloak");
    server.restart();

    assertThat(realm.refresh("default-grace", atBackup).status()).isEqualTo(200);
    assertThat(realm.refresh("default-grace", newest).problem()).contains("reuse");

    realm.admin().post("/realms/" + RotationRealm.REALM + "/logout-all", "{}");

    assertThat(realm.refresh("default-grace", atBackup).status()).isEqualTo(400);
    var signedOut = realm.refresh("default-grace", newestOfOther);
    assertThat(signedOut.status()).isEqualTo(400);
    assertThat(signedOut.problem()).as("no reuse is reported").doesNotContain("reuse");
    var fresh = realm.login("default-grace", realm.user()).refreshToken();
    assertThat(realm.refresh("default-grace", fresh).status()).isEqualTo(200);
  }

  private void copy(String from, String to) throws SQLException {
    try (var connection = postgres.connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("drop database if exists " + to + " with (force)");
      statement.execute("create database " + to + " template " + from + " owner keycloak");
    }
  }
}
