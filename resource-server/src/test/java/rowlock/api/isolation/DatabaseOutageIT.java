/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.probe.ProbeApplication;
import rowlock.settings.InvalidSettingException;

/**
 * Responses while the database fails: it crashes, blocks, has no space left, is read-only, fails
 * over to a standby or is migrated by a newer version. The API recovers without a restart.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("thorough")
class DatabaseOutageIT {
  private static final Duration PROMPT = Duration.ofSeconds(3);
  private static final RSAKey KEY = TestIssuer.newKey("key-1");

  private final TestIssuer issuer = new TestIssuer().publish(KEY);
  private final String token = issuer.token(KEY, UUID.randomUUID());
  private final PostgresServer postgres = TestServers.newPostgres();
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext api;

  @BeforeEach
  void start() {
    postgres.createDatabase("outage");
    api = start(postgres.jdbcUrl("outage"));
  }

  private ConfigurableApplicationContext start(String url) {
    return new SpringApplicationBuilder(ProbeApplication.class)
        .run(
            "--server.port=0",
            "--management.server.port=0",
            "--rowlock.issuer=" + issuer.url(),
            "--rowlock.db.url=" + url,
            "--rowlock.db.user=probe",
            "--rowlock.db.password=probe",
            "--rowlock.db.migration.user=" + postgres.superuser(),
            "--rowlock.db.migration.password=" + postgres.superuserPassword());
  }

  @AfterEach
  void stop() {
    api.close();
    postgres.close();
    issuer.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder items(String bearer) {
    return HttpRequest.newBuilder(address("local.server.port", "/api/me/items"))
        .header("Authorization", "Bearer " + bearer);
  }

  private URI address(String port, String path) {
    return URI.create("http://localhost:" + api.getEnvironment().getProperty(port) + path);
  }

  private HttpResponse<String> list() {
    return send(items(token));
  }

  private HttpResponse<String> probe(String path) {
    return send(HttpRequest.newBuilder(address("local.management.port", path)));
  }

  @FieldReport("https://github.com/brettwooldridge/HikariCP/issues/1056")
  @Test
  void answers_503_at_once_and_recovers_by_itself() {
    assertThat(
            send(items(token)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"title\":\"Milk\"}")))
                .statusCode())
        .isEqualTo(201);
    assertThat(probe("/actuator/health/readiness").statusCode()).isEqualTo(200);

    postgres.kill();
    try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
      var start = System.nanoTime();
      var answers =
          IntStream.range(0, 40).mapToObj(i -> users.submit(this::list)).toList().stream()
              .map(
                  answer -> {
                    try {
                      return answer.get();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  })
              .toList();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
      assertThat(answers)
          .allSatisfy(
              answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
                assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("application/problem+json");
                assertThat(answer.body()).contains("/problems/service-unavailable");
              });
    }
    assertThat(probe("/actuator/health/readiness").statusCode()).isEqualTo(503);
    assertThat(probe("/actuator/health/liveness").statusCode()).isEqualTo(200);
    // A token that is not good is refused as ever.
    assertThat(send(items(token + "x")).statusCode()).isEqualTo(401);

    postgres.restart();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(list().statusCode()).isEqualTo(200));
    assertThat(list().body()).contains("Milk");
    assertThat(probe("/actuator/health/readiness").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> create(String title) {
    return create(api, title);
  }

  private HttpResponse<String> create(ConfigurableApplicationContext server, String title) {
    var port = server.getEnvironment().getProperty("local.server.port");
    return send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/me/items"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"title\":\"" + title + "\"}")));
  }

  private static void isUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("/problems/service-unavailable");
  }

  /** Runs statements as the superuser, and returns the connection. */
  private Connection superuser(String... statements) {
    return superuser(postgres, statements);
  }

  private static Connection superuser(PostgresServer server, String... statements) {
    try {
      var connection = server.connect("outage");
      try (var statement = connection.createStatement()) {
        for (var sql : statements) {
          statement.execute(sql);
        }
      }
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends requests concurrently, and returns all responses. */
  private static List<HttpResponse<String>> atOnce(
      int count, Supplier<HttpResponse<String>> request) {
    try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
      var sent = IntStream.range(0, count).mapToObj(i -> users.submit(request::get)).toList();
      return sent.stream().map(DatabaseOutageIT::answer).toList();
    }
  }

  private static HttpResponse<String> answer(Future<HttpResponse<String>> sent) {
    try {
      return sent.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void blockingLock_isAnsweredAfterTheLimit_andIsOverWithTheLock(CapturedOutput output)
      throws SQLException {
    create("before");
    try (var lock = superuser("begin", "lock table probe.item in access exclusive mode")) {
      var start = System.nanoTime();
      var answers = atOnce(24, this::list);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      assertThat(answers).allSatisfy(DatabaseOutageIT::isUnavailable);
      isUnavailable(create("meanwhile"));
      assertThat(lock.isClosed()).isFalse();
    }
    assertThat(create("after").statusCode()).isEqualTo(201);
    assertThat(list().body()).contains("before", "after").doesNotContain("meanwhile");
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void statementTimeout_isAnsweredAsUnavailable(CapturedOutput output) throws SQLException {
    superuser(
            "alter role probe set lock_timeout = 0",
            "alter role probe set statement_timeout = '300ms'",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'probe'")
        .close();
    Awaitility.await().until(() -> list().statusCode() == 200);
    // The pool reports the terminated connections with a stack trace; the timeouts must not.
    var before = output.length();
    try (var lock = superuser("begin", "lock table probe.item in access exclusive mode")) {
      isUnavailable(list());
      isUnavailable(create("meanwhile"));
      assertThat(lock.isClosed()).isFalse();
    }
    assertThat(create("after").statusCode()).isEqualTo(201);
    assertThat(output.toString().substring(before)).doesNotContain("\tat ");
  }

  @Test
  void connectionLostDuringStatement_isAnsweredAsUnavailable() throws Exception {
    create("before");
    try (var lock = superuser("begin", "lock table probe.item in access exclusive mode");
        var users = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = users.submit(this::list);
      Awaitility.await()
          .until(
              () ->
                  "1"
                      .equals(
                          text(
                              postgres,
                              "select count(*) from pg_stat_activity where usename = 'probe' and"
                                  + " wait_event_type = 'Lock'")));
      superuser(
              "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'probe' and"
                  + " wait_event_type = 'Lock'")
          .close();
      isUnavailable(waiting.get());
      assertThat(lock.isClosed()).isFalse();
    }
    assertThat(list().statusCode()).isEqualTo(200);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/22422")
  @Test
  void readOnlyServer_answersReadsAndRejectsChanges() throws SQLException {
    create("before");
    superuser(
            "alter database outage set default_transaction_read_only = on",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'probe%'")
        .close();
    Awaitility.await().until(() -> list().statusCode() == 200);
    for (var answer : atOnce(10, () -> create("meanwhile"))) {
      isUnavailable(answer);
    }
    assertThat(list().body()).contains("before").doesNotContain("meanwhile");

    superuser(
            "set default_transaction_read_only = off",
            "alter database outage reset default_transaction_read_only",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'probe%'")
        .close();
    Awaitility.await().until(() -> create("after").statusCode() == 201);
  }

  @Test
  void fullDisk_rejectsChanges_answersReads_andIsOverWithTheSpace(
      CapturedOutput output, @TempDir Path folder) throws Exception {
    var small = Files.createDirectory(folder.resolve("small"));
    if (!run("mount", "-t", "tmpfs", "-o", "size=400k,mode=0777", "tmpfs", small.toString())) {
      abort("No right to mount a small file system: the test of a full disk is left out.");
    }
    try {
      superuser(
              "create tablespace small location '"
                  + Files.createDirectory(small.resolve("ts"))
                  + "'",
              "alter table probe.item set tablespace small")
          .close();
      var note = "n".repeat(180);
      var created = 0;
      var answer = create(note);
      while (answer.statusCode() == 201 && created < 9_000) {
        created++;
        answer = create(note);
      }
      isUnavailable(answer);
      assertThat(list().statusCode()).isEqualTo(200);
      assertThat(probe("/actuator/health/liveness").statusCode()).isEqualTo(200);

      superuser("alter table probe.item set tablespace pg_default").close();
      assertThat(create("after").statusCode()).isEqualTo(201);
      assertThat(output).doesNotContain("\tat ");
      superuser("drop tablespace small").close();
    } finally {
      run("umount", "--lazy", small.toString());
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @FieldReport("https://github.com/brettwooldridge/HikariCP/issues/1802")
  @Test
  void failover_losesNoAcknowledgedChangeAndNoRevocation() throws Exception {
    api.close();
    try (var standby = TestServers.newStandby(postgres)) {
      superuser("alter system set synchronous_standby_names = '*'", "select pg_reload_conf()")
          .close();
      Awaitility.await()
          .until(
              () ->
                  "sync".equals(text(postgres, "select max(sync_state) from pg_stat_replication")));
      api =
          start(
              "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/outage?targetServerType=primary"
                  .formatted(postgres.port(), standby.port()));
      var revoked = UUID.randomUUID();
      var revokedToken = issuer.token(KEY, revoked);
      assertThat(send(items(revokedToken)).statusCode()).isEqualTo(200);
      Set<String> acknowledged = ConcurrentHashMap.newKeySet();
      Set<Integer> statuses = ConcurrentHashMap.newKeySet();
      var over = new AtomicBoolean();
      var number = new AtomicInteger();
      try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> load = new ArrayList<>();
        for (var i = 0; i < 8; i++) {
          load.add(
              users.submit(
                  () -> {
                    while (!over.get()) {
                      var title = "item-" + number.incrementAndGet() + "-";
                      var answer = create(title);
                      statuses.add(answer.statusCode());
                      if (answer.statusCode() == 201) {
                        acknowledged.add(title);
                      } else {
                        isUnavailable(answer);
                      }
                    }
                  }));
        }
        Awaitility.await().until(() -> acknowledged.size() > 50);
        superuser(
                "insert into rowlock.account_gate (sub, not_before) values ('%s', now() + interval '1 hour')"
                    .formatted(revoked))
            .close();
        postgres.kill();
        Awaitility.await().until(() -> statuses.contains(503));
        var before = acknowledged.size();
        superuser(standby, "select pg_promote()").close();
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> acknowledged.size() > before + 50);
        over.set(true);
        for (var each : load) {
          each.get();
        }
      }
      assertThat(statuses).containsExactlyInAnyOrder(201, 503);
      assertThat(send(items(revokedToken)).statusCode()).isEqualTo(401);
      for (var title : acknowledged) {
        assertThat(text(standby, "select count(*) from probe.item where title = '" + title + "'"))
            .as(title)
            .isEqualTo("1");
      }
    }
  }

  @Test
  void standby_isNeverReadFrom() {
    api.close();
    try (var standby = TestServers.newStandby(postgres)) {
      assertThatThrownBy(() -> start(standby.jdbcUrl("outage")).close())
          .hasRootCauseInstanceOf(InvalidSettingException.class)
          .rootCause()
          .hasMessageContaining("targetServerType=primary");

      api =
          start(
              "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/outage"
                  .formatted(postgres.port(), standby.port()));
      assertThat(list().statusCode()).isEqualTo(200);
      postgres.kill();
      isUnavailable(list());
      isUnavailable(list());
    }
  }

  @Test
  void rollingUpgrade_bothVersionsServe_oldOneRevokesNoGrant() throws Exception {
    var over = new AtomicBoolean();
    Set<Integer> statuses = ConcurrentHashMap.newKeySet();
    var requests = new AtomicInteger();
    List<ConfigurableApplicationContext> servers = new CopyOnWriteArrayList<>(List.of(api));
    try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> load = new ArrayList<>();
      for (var i = 0; i < 6; i++) {
        load.add(
            users.submit(
                () -> {
                  while (!over.get()) {
                    var server = servers.get(requests.incrementAndGet() % servers.size());
                    statuses.add(create(server, "under load").statusCode());
                    statuses.add(list().statusCode());
                  }
                }));
      }
      Awaitility.await().until(() -> requests.get() > 50);
      superuser(NEXT_VERSION.toArray(String[]::new)).close();
      var migrated = requests.get();
      Awaitility.await().until(() -> requests.get() > migrated + 50);
      servers.add(start(postgres.jdbcUrl("outage"))); // a replica of the old version restarts
      var both = requests.get();
      Awaitility.await().until(() -> requests.get() > both + 100);
      over.set(true);
      for (var each : load) {
        each.get();
      }
    } finally {
      over.set(true);
      servers.stream().skip(1).forEach(ConfigurableApplicationContext::close);
    }
    assertThat(statuses).containsExactlyInAnyOrder(200, 201);
    assertThat(text(postgres, "select has_function_privilege('probe', 'probe.later()', 'execute')"))
        .as("what the newer version has granted")
        .isEqualTo("t");
    assertThat(text(postgres, "select has_table_privilege('probe', 'probe.label', 'select')"))
        .isEqualTo("t");
    assertThat(text(postgres, "select count(*) from probe.item where priority <> 0"))
        .isEqualTo("0");
  }

  /** An additive migration of a version that this code does not know, and its grants. */
  private static final List<String> NEXT_VERSION =
      List.of(
          "set role rowlock_owner",
          "begin",
          "alter table probe.item add column priority smallint not null default 0",
          "create table probe.label (owner_id uuid not null, id uuid not null default uuidv7(),"
              + " name text not null, primary key (owner_id, id))",
          "select rowlock.own('probe.label')",
          "create function probe.later() returns integer language sql as 'select 1'",
          "grant execute on function probe.later() to probe",
          "insert into probe.flyway_schema_history (installed_rank, version, description, type,"
              + " script, checksum, installed_by, execution_time, success) select"
              + " max(installed_rank) + 1, '900', 'labels', 'SQL', 'V900__labels.sql', 1, 'next', 1,"
              + " true from probe.flyway_schema_history",
          "insert into rowlock.schema_history (installed_rank, version, description, type,"
              + " script, checksum, installed_by, execution_time, success) select"
              + " max(installed_rank) + 1, null, 'grants', 'SQL', 'R__grants.sql', 2, 'next', 1,"
              + " true from rowlock.schema_history",
          "commit");

  private static String text(PostgresServer server, String query) throws SQLException {
    try (var connection = server.connect("outage");
        var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
