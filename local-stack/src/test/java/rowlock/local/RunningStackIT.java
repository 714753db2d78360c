/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.system.ChildJvm;
import rowlock.local.system.Orphans;
import rowlock.local.testing.ListeningSockets;

/** Checks a running stack from outside. */
class RunningStackIT {
  @TempDir private static Path state;
  private static TestStack stack;
  private static ChildJvm launcher;

  @BeforeAll
  static void start() throws IOException {
    stack = new TestStack(state);
    launcher = stack.launch("1");
    launcher.awaitOutput("Ready after");
  }

  @AfterAll
  static void stop() throws IOException {
    launcher.close();
    stack.close();
  }

  @Test
  void sockets_areOnLoopback_andLoginsReachTheirOwnDatabaseOnly() throws Exception {
    var processes = new ArrayList<>(Orphans.of(state));
    processes.add(ProcessHandle.of(launcher.pid()).orElseThrow());

    var listening = ListeningSockets.of(processes);

    assertThat(listening)
        .extracting(InetSocketAddress::getPort)
        .containsAll(
            stack.environment().entrySet().stream()
                .filter(variable -> variable.getKey().endsWith("_PORT"))
                .map(variable -> Integer.parseInt(variable.getValue()))
                .toList());
    assertThat(listening).allMatch(socket -> socket.getAddress().isLoopbackAddress());

    var databases =
        Map.of("keycloak", "keycloak", "books", "book_migration", "visits", "visit_migration");
    for (var login : databases.values()) {
      for (var database : List.of("keycloak", "books", "visits", "postgres", "template1")) {
        if (!login.equals(databases.get(database))) {
          assertThatThrownBy(() -> stack.connect(database, login))
              .as("%s at %s", login, database)
              .isInstanceOf(SQLException.class)
              .hasMessageContaining("permission denied for database");
        }
      }
    }
    for (var database : List.of("books", "visits")) {
      try (var connection = stack.connect(database, String.valueOf(databases.get(database)));
          var statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute("select lo_create(0)"))
            .hasMessageContaining("permission denied for function");
      }
    }
  }

  @Test
  void whenItRunsAlready_thenASecondLauncherIsRefusedInOneLine() throws Exception {
    try (var second = stack.launch("1")) {
      assertThat(second.awaitExit()).isEqualTo(1);
      assertThat(second.output().lines())
          .singleElement()
          .asString()
          .contains("already running as process " + launcher.pid());
    }
    assertThat(stack.ask("select 1")).isEqualTo("1");
  }

  @Test
  void passwordsAreReadableToTheirOwnerOnly() throws Exception {
    for (var role : List.of("keycloak", "book_app", "book_migration", "key")) {
      var permissions = Files.getPosixFilePermissions(state.resolve("passwords").resolve(role));
      assertThat(PosixFilePermissions.toString(permissions)).as(role).isEqualTo("rw-------");
    }
  }

  @Test
  void passwordsAreHashedWithTheMemoryThatKeycloakTakesByItself() throws Exception {
    var stored =
        stack.ask("keycloak", "keycloak", "select credential_data from credential limit 1");

    assertThat(stored).contains("\"algorithm\":\"argon2\"", "\"memory\":[\"7168\"]");
  }
}
