/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.ChildJvm;
import rowlock.local.system.Guardian;
import rowlock.local.system.Orphans;
import rowlock.local.system.Ports;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;
import rowlock.local.system.StackPort;
import rowlock.local.testing.ListeningSockets;

class LocalStackIT {
  private static final String REALM = "src/test/resources/garden-realm.json";

  @TempDir Path state;
  private Map<String, String> environment;

  @BeforeEach
  void shareTheCache() throws IOException {
    var cache = Files.createDirectories(StateDirectory.of(System.getenv()).cache());
    Files.createSymbolicLink(state.resolve("cache"), cache);
    environment =
        Map.of(
            "ROWLOCK_DATA", state.toString(),
            "ROWLOCK_KEYCLOAK_PORT", Integer.toString(Ports.free()),
            "ROWLOCK_KEYCLOAK_MANAGEMENT_PORT", Integer.toString(Ports.free()),
            "ROWLOCK_DB_PORT", Integer.toString(Ports.free()),
            "ROWLOCK_SMTP_PORT", Integer.toString(Ports.free()));
  }

  @AfterEach
  void leaveTheCache() throws IOException {
    Files.delete(state.resolve("cache"));
  }

  @Test
  void whenTheLauncherIsKilled_thenNoProcessIsLeftAndTheNextStartFindsAllData() throws Exception {
    String keys;
    try (var launcher = launch("1")) {
      launcher.awaitOutput("Ready after");
      keys = get("/realms/garden/protocol/openid-connect/certs");
      assertThat(realmMaster())
          .contains("\"bruteForceProtected\":true", "\"adminEventsExpiration\":\"7776000\"")
          .contains("\"displayName\":\"Keycloak\"")
          .contains("\"browserFlow\":\"two-steps\"");
      execute("create table kept as select 42 as answer");

      launcher.kill();

      awaitNothingRuns();
    }
    try (var launcher = launch("1")) {
      launcher.awaitOutput("Ready after");
      assertThat(get("/realms/garden/protocol/openid-connect/certs")).isEqualTo(keys);
      assertThat(ask("select answer from kept")).isEqualTo("42");
      assertThat(realmMaster()).contains("\"browserFlow\":\"two-steps\"");
      launcher.terminate();
      assertThat(launcher.awaitExit()).isEqualTo(143);
      assertThat(Orphans.of(state)).isEmpty();
    }
  }

  @Test
  void everythingListensOnLoopbackAndLoginsReachTheirOwnDatabaseOnly() throws Exception {
    try (var launcher = launch("1")) {
      launcher.awaitOutput("Ready after");
      var processes = new ArrayList<>(Orphans.of(state));
      processes.add(ProcessHandle.of(launcher.pid()).orElseThrow());

      var listening = ListeningSockets.of(processes);

      assertThat(listening)
          .extracting(InetSocketAddress::getPort)
          .containsAll(
              environment.entrySet().stream()
                  .filter(variable -> variable.getKey().endsWith("_PORT"))
                  .map(variable -> Integer.parseInt(variable.getValue()))
                  .toList());
      assertThat(listening).allMatch(socket -> socket.getAddress().isLoopbackAddress());

      var databases =
          Map.of("keycloak", "keycloak", "books", "book_migration", "visits", "visit_migration");
      for (var login : databases.values()) {
        for (var database : List.of("keycloak", "books", "visits", "postgres", "template1")) {
          if (!login.equals(databases.get(database))) {
            assertThatThrownBy(() -> connect(database, login))
                .as("%s at %s", login, database)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for database");
          }
        }
      }
      for (var database : List.of("books", "visits")) {
        try (var connection = connect(database, String.valueOf(databases.get(database)));
            var statement = connection.createStatement()) {
          assertThatThrownBy(() -> statement.execute("select lo_create(0)"))
              .hasMessageContaining("permission denied for function");
        }
      }
    }
  }

  @Test
  void whenKilledWhileKeycloakBoots_thenNoProcessIsLeft() throws Exception {
    try (var launcher = launch("1")) {
      launcher.awaitOutput("Starting Keycloak");

      launcher.kill();

      awaitNothingRuns();
    }
  }

  @Test
  void whenMavenIsKilled_thenItsLauncherEndsToo() throws Exception {
    try (var maven =
        ChildJvm.start(
            BuildTool.class,
            environment,
            "org.codehaus.plexus.classworlds.launcher.Launcher",
            REALM)) {
      maven.awaitOutput("SERVING");

      maven.kill();

      awaitNothingRuns();
      assertThat(StackLock.take(new StateDirectory(state))).satisfies(StackLock::close);
    }
  }

  @Test
  void whenItRunsAlready_thenASecondLauncherIsRefusedInOneLine() throws Exception {
    try (var first = launch("1")) {
      first.awaitOutput("SERVING");

      try (var second = launch("1")) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.output().lines())
            .singleElement()
            .asString()
            .contains("already running as process " + first.pid());
      }
      assertThat(ask("select 1")).isEqualTo("1");
    }
  }

  @Test
  void whenReset_thenTheDatabasesAreEmptyAndTheCacheIsKept() throws Exception {
    try (var launcher = launch("1")) {
      launcher.awaitOutput("SERVING");
      execute("create table gone (id int)");
    }

    LocalStack.reset(LocalStackSettings.from(environment));

    assertThat(state.resolve("postgres")).doesNotExist();
    assertThat(state.resolve("cache")).isNotEmptyDirectory();
    try (var launcher = launch("1")) {
      launcher.awaitOutput("SERVING");
      assertThat(ask("select to_regclass('gone') is null")).isEqualTo("t");
    }
  }

  @Test
  void whenTheSourceOfTheRealmChanged_thenOneLineSaysSo() throws Exception {
    try (var launcher = launch("1")) {
      launcher.awaitOutput("SERVING");
      assertThat(launcher.output()).doesNotContain("has changed");
    }
    try (var launcher = launch("2")) {
      launcher.awaitOutput("SERVING");
      assertThat(launcher.output()).containsOnlyOnce("The source of the realm garden has changed");
    }
  }

  @Test
  void whenKeycloakCannotStart_thenOneLineGivesItsReason() throws Exception {
    var broken = Files.writeString(state.resolve("broken.json"), "{ \"realm\": ");

    try (var launcher = ChildJvm.start(StackLauncher.class, environment, broken.toString(), "1")) {
      assertThat(launcher.awaitExit()).isEqualTo(1);
      assertThat(launcher.output().lines().toList().getLast())
          .startsWith("Keycloak stopped while it was starting: \"")
          .contains("keycloak.log");
    }
    assertThat(Orphans.of(state)).isEmpty();
  }

  @Test
  void whenAPortIsTaken_thenItsVariableIsNamedAndNothingStarts() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var settings =
          LocalStackSettings.from(environment)
              .withOtherPorts(
                  List.of(new StackPort("the garden", "GARDEN_PORT", other.getLocalPort())));

      assertThatThrownBy(() -> LocalStack.start(settings, Progress.silent()))
          .isInstanceOf(StackFailure.class)
          .hasMessageContaining("Port " + other.getLocalPort() + " for the garden is taken")
          .hasMessageContaining("set GARDEN_PORT");
      assertThat(state.resolve("postgres")).doesNotExist();
    }
  }

  @Test
  void passwordsAreReadableToTheirOwnerOnly() throws Exception {
    try (var launcher = launch("1")) {
      launcher.awaitOutput("SERVING");
      for (var role : List.of("keycloak", "book_app", "book_migration", "key")) {
        var permissions = Files.getPosixFilePermissions(state.resolve("passwords").resolve(role));
        assertThat(PosixFilePermissions.toString(permissions)).as(role).isEqualTo("rw-------");
      }
    }
  }

  private ChildJvm launch(String realmHash) throws IOException {
    return ChildJvm.start(StackLauncher.class, environment, REALM, realmHash);
  }

  private void awaitNothingRuns() {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> Orphans.of(state).isEmpty() && !Guardian.watches(state));
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process -> process.info().commandLine().orElse("").contains(state.toString()));
  }

  private void execute(String sql) throws SQLException, IOException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String ask(String sql) throws SQLException, IOException {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private Connection connect() throws SQLException, IOException {
    return connect("books", "book_migration");
  }

  private Connection connect(String database, String login) throws SQLException, IOException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + environment.get("ROWLOCK_DB_PORT") + "/" + database,
        login,
        Files.readString(state.resolve("passwords").resolve(login)));
  }

  private String realmMaster() throws IOException, InterruptedException {
    var server = "http://localhost:" + environment.get("ROWLOCK_KEYCLOAK_PORT");
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var tokens =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create(server + "/realms/master/protocol/openid-connect/token"))
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .POST(
                          BodyPublishers.ofString(
                              "grant_type=password&client_id=admin-cli&username=admin&password=admin"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      var token = tokens.replaceFirst(".*\"access_token\":\"([^\"]+)\".*", "$1");
      return http.send(
              HttpRequest.newBuilder(URI.create(server + "/admin/realms/master"))
                  .header("Authorization", "Bearer " + token)
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    var address = "http://localhost:" + environment.get("ROWLOCK_KEYCLOAK_PORT") + path;
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
