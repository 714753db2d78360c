/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import rowlock.local.cache.StateDirectory;
import rowlock.local.system.ChildJvm;
import rowlock.local.system.Guardian;
import rowlock.local.system.Orphans;
import rowlock.local.system.Ports;

/** Manages the directory of a stack on free ports, and starts launchers on it. */
final class TestStack implements AutoCloseable {
  static final String REALM = "src/test/resources/garden-realm.json";

  private final Path state;
  private final Map<String, String> environment;

  /** Creates a stack that uses the cache of this machine. */
  TestStack(Path state) throws IOException {
    this.state = state;
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

  Map<String, String> environment() {
    return environment;
  }

  ChildJvm launch(String realmHash) throws IOException {
    return launch(REALM, realmHash);
  }

  ChildJvm launch(String realmFile, String realmHash) throws IOException {
    return ChildJvm.start(StackLauncher.class, environment, realmFile, realmHash);
  }

  /** Launches with a realm that is updated when its hash changes. */
  ChildJvm launchWithUpdate(String realmHash) throws IOException {
    return ChildJvm.start(StackLauncher.class, environment, REALM, realmHash, "update");
  }

  void awaitNothingRuns() {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                Orphans.of(state).isEmpty()
                    && !Guardian.watches(state)
                    && ProcessHandle.allProcesses().noneMatch(this::names));
  }

  private boolean names(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(state.toString());
  }

  void execute(String sql) throws SQLException, IOException {
    try (var connection = connect("books", "book_migration");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String ask(String sql) throws SQLException, IOException {
    return ask("books", "book_migration", sql);
  }

  String ask(String database, String login, String sql) throws SQLException, IOException {
    try (var connection = connect(database, login);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  Connection connect(String database, String login) throws SQLException, IOException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + environment.get("ROWLOCK_DB_PORT") + "/" + database,
        login,
        Files.readString(state.resolve("passwords").resolve(login)));
  }

  String realmMaster() throws IOException, InterruptedException {
    var tokens =
        send(
            request("/realms/master/protocol/openid-connect/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "grant_type=password&client_id=admin-cli&username=admin&password=admin")));
    var token = tokens.replaceFirst(".*\"access_token\":\"([^\"]+)\".*", "$1");
    return send(request("/admin/realms/master").header("Authorization", "Bearer " + token));
  }

  String get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://localhost:" + environment.get("ROWLOCK_KEYCLOAK_PORT") + path));
  }

  private static String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  /** Deletes the data but not the cache, which other stacks share. */
  @Override
  public void close() throws IOException {
    Files.delete(state.resolve("cache"));
  }
}
