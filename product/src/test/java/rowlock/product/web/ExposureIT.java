/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.local.testing.ListeningSockets;

/** Network exposure of the product: its sockets and its databases. */
class ExposureIT {
  private static final TestWeb WEB = TestWeb.shared();

  @Test
  void everyProcessListensOnLoopback() throws Exception {
    var listening = ListeningSockets.of(List.of(ProcessHandle.current()));

    assertThat(listening)
        .extracting(InetSocketAddress::getPort)
        .contains(
            WEB.address().getPort(),
            WEB.keycloak().url().getPort(),
            WEB.keycloak().managementUrl().getPort(),
            WEB.postgres().port());
    assertThat(listening).allMatch(socket -> socket.getAddress().isLoopbackAddress());
  }

  @Test
  void eachLoginReachesItsOwnDatabaseOnly() throws Exception {
    Map<String, String> databases =
        Map.of(
            WEB.tasks(),
            WEB.tasks(),
            WEB.tasks() + "_ledger",
            WEB.tasks(),
            WEB.sessions(),
            WEB.sessions());
    for (var login : databases.entrySet()) {
      for (var database : List.of(WEB.tasks(), WEB.sessions(), "postgres", "template1")) {
        if (!database.equals(login.getValue())) {
          assertThatThrownBy(() -> connect(database, login.getKey()).close())
              .as("%s at %s", login.getKey(), database)
              .isInstanceOf(SQLException.class)
              .hasMessageContaining("permission denied for database");
        }
      }
      try (var connection = connect(login.getValue(), login.getKey());
          var statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute("create temporary table session (id int)"))
            .as(login.getKey())
            .hasMessageContaining("permission denied to create temporary tables");
        assertThatThrownBy(() -> statement.execute("create table public.task (id int)"))
            .as(login.getKey())
            .hasMessageContaining("permission denied for schema public");
      }
    }
  }

  @Test
  void incompleteBodies_doNotBlockOtherRequests() throws Exception {
    List<Socket> connections = new ArrayList<>();
    try {
      for (var i = 0; i < 200; i++) {
        var connection = new Socket("localhost", WEB.address().getPort());
        connections.add(connection);
        connection
            .getOutputStream()
            .write(
                ("POST /logout/connect/back-channel/rowlock HTTP/1.1\r\nHost: "
                        + WEB.address().getAuthority()
                        + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: 1000\r\n\r\nlogout_token=")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      var start = System.nanoTime();

      assertThat(Visitor.http(HttpRequest.newBuilder(WEB.at("/session")).build()).statusCode())
          .isEqualTo(200);

      // well below the timeout of five seconds for the bodies
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  private static Connection connect(String database, String login) throws SQLException {
    return DriverManager.getConnection(
        WEB.postgres().jdbcUrl(database), login, TestWeb.DATABASE_PASSWORD);
  }
}
