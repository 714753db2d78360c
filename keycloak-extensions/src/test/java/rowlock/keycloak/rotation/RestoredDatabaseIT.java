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

/** Keycloak's database is put back to an older state: why everybody is signed out then. */
@Tag("thorough")
class RestoredDatabaseIT {
  private PostgresServer postgres;
  private KeycloakServer server;
  private Ferry ferry;

  @BeforeEach
  void start() {
    postgres = TestServers.newKeycloakPostgres(ExtensionServer.spec(Ferry.REALM));
    server = TestServers.newKeycloak(ExtensionServer.spec(Ferry.REALM), postgres);
    ferry = new Ferry(server);
  }

  @AfterEach
  void stop() {
    server.close();
    postgres.close();
  }

  @Test
  void whatHasEndedSinceLivesAgainAndNewTokensLookStolenUntilAllAreSignedOut() throws SQLException {
    var atBackup = ferry.login("usual", ferry.person()).refreshToken();
    var active = Theft.prepared(ferry, "usual", ferry.person());
    var other = Theft.prepared(ferry, "usual", ferry.person());
    server.close();
    copy("keycloak", "backup");
    server.restart();
    var ended = ferry.refresh("usual", atBackup).refreshToken();
    var session = Ferry.claims(ended).path("sid").asString();
    ferry.admin().delete("/realms/" + Ferry.REALM + "/sessions/" + session);
    assertThat(ferry.refresh("usual", ended).status()).isEqualTo(400);
    var newest = ferry.refresh("usual", active.newest()).refreshToken();
    var newestOfOther = ferry.refresh("usual", other.newest()).refreshToken();
    server.close();
    copy("backup", "keycloak");
    server.restart();

    assertThat(ferry.refresh("usual", atBackup).status()).isEqualTo(200);
    assertThat(ferry.refresh("usual", newest).problem()).contains("reuse");

    ferry.admin().post("/realms/" + Ferry.REALM + "/logout-all", "{}");

    assertThat(ferry.refresh("usual", atBackup).status()).isEqualTo(400);
    var signedOut = ferry.refresh("usual", newestOfOther);
    assertThat(signedOut.status()).isEqualTo(400);
    assertThat(signedOut.problem()).as("nobody is told of a theft").doesNotContain("reuse");
    var anew = ferry.login("usual", ferry.person()).refreshToken();
    assertThat(ferry.refresh("usual", anew).status()).isEqualTo(200);
  }

  private void copy(String from, String to) throws SQLException {
    try (var connection = postgres.connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("drop database if exists " + to + " with (force)");
      statement.execute("create database " + to + " template " + from + " owner keycloak");
    }
  }
}
