/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import rowlock.local.testing.TestServers;

class PostgresServerIT {
  @Test
  void settingsAreDurable() throws SQLException {
    var server = TestServers.postgres();

    for (var setting :
        new String[] {"fsync", "full_page_writes", "synchronous_commit", "data_checksums"}) {
      assertThat(ask(server, "show " + setting)).as(setting).isEqualTo("on");
    }
  }

  @Test
  void textIsUtf8AndSortsTheSameEverywhere() throws SQLException {
    var server = TestServers.postgres();

    assertThat(ask(server, "show server_encoding")).isEqualTo("UTF8");
    assertThat(ask(server, "select upper('ä') || ('a' < 'Z')::text")).isEqualTo("Äfalse");
  }

  @Test
  void server_listensOnLoopbackOnly() throws SQLException {
    var server = TestServers.postgres();

    assertThat(ask(server, "show listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(ask(server, "show unix_socket_directories")).isEmpty();
  }

  @Test
  void wrongPassword_isRefused() {
    var server = TestServers.postgres();

    assertThatThrownBy(
            () -> DriverManager.getConnection(server.jdbcUrl("postgres"), "postgres", "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void thePasswordIsReadableToItsOwnerOnly() throws Exception {
    var password = TestServers.postgres().logFile().resolveSibling("password");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
  }

  @Test
  void whenKilledAndRestarted_thenCommittedDataAndPortAreKept() throws SQLException {
    try (var server = TestServers.newPostgres()) {
      server.createDatabase("shop");
      try (var connection = server.connect("shop");
          var statement = connection.createStatement()) {
        statement.execute("create table kept as select 42 as answer");
      }
      var port = server.port();

      server.kill();
      assertThatThrownBy(() -> server.connect("shop")).isInstanceOf(SQLException.class);
      server.restart();

      assertThat(server.port()).isEqualTo(port);
      try (var connection = server.connect("shop");
          var statement = connection.createStatement();
          var rows = statement.executeQuery("select answer from kept")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(42);
      }
    }
  }

  @Test
  void databaseNamesAreQuoted() throws SQLException {
    var server = TestServers.postgres();

    server.createDatabase("odd \"name\"; --");

    assertThat(ask(server, "select count(*) from pg_database where datname like 'odd%'"))
        .isEqualTo("1");
  }

  private static String ask(PostgresServer server, String query) throws SQLException {
    try (var connection = server.connect("postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
