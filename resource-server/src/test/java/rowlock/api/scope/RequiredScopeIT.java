/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.ApiServer;
import rowlock.api.audit.Refusal;
import rowlock.api.owner.Owner;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.TestDatabase;

/** A route requires its scope, and a token that may only read writes nothing. */
@ExtendWith(OutputCaptureExtension.class)
@Import({RequiredScopeIT.Parcels.class, RequiredScopeIT.Letters.class, RequiredScopeIT.Cards.class})
@TestPropertySource(properties = "rowlock.test.scopes=true")
class RequiredScopeIT extends ApiServer {
  private static final String INSERT = "insert into probe.item (title) values ('written')";

  /** An annotation of an application, as its controllers share it. */
  @Retention(RetentionPolicy.RUNTIME)
  @RequiredScope(read = "parcels.read", write = "parcels.write")
  @interface ParcelScope {}

  /** Routes whose class has the annotation. */
  @TestComponent
  @RestController
  @ParcelScope
  @RequestMapping("/parcels")
  @ConditionalOnProperty("rowlock.test.scopes")
  static class Parcels {
    private final JdbcTemplate database;

    Parcels(JdbcTemplate database) {
      this.database = database;
    }

    @GetMapping
    int count() {
      return database.queryForObject("select count(*) from probe.item", Integer.class);
    }

    @GetMapping("/mistake")
    int readThatWrites() {
      return database.update(INSERT);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    void write() {
      database.update(INSERT);
    }

    @RequestMapping("/any")
    int any() {
      return 1;
    }

    @PostMapping("/search")
    @RequiredScope(read = "parcels.read", write = "parcels.write", safe = true)
    int search() {
      return database.update(INSERT);
    }

    @DeleteMapping
    @RequiredScope(read = "parcels.admin", write = "parcels.admin")
    void deleteAll() {}
  }

  /** Routes that two controllers inherit. */
  abstract static class Mailbox {
    @GetMapping
    boolean open() {
      return true;
    }
  }

  /** The first controller with an inherited route. */
  @TestComponent
  @RestController
  @RequiredScope(read = "letters.read", write = "letters.write")
  @RequestMapping("/letters")
  @ConditionalOnProperty("rowlock.test.scopes")
  static class Letters extends Mailbox {}

  /** The second controller with an inherited route. */
  @TestComponent
  @RestController
  @RequiredScope(read = "cards.read", write = "cards.write")
  @RequestMapping("/cards")
  @ConditionalOnProperty("rowlock.test.scopes")
  static class Cards extends Mailbox {}

  @Autowired private RowlockClient client;
  @Autowired private TestDatabase database;
  @Autowired private DataSource rows;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private MeterRegistry metrics;

  private OwnerClient having(String scope) {
    return client.as(UUID.randomUUID(), claims -> claims.put("scope", scope));
  }

  private int itemsOf(OwnerClient owner) {
    return new JdbcTemplate(database.superuserDataSource())
        .queryForObject(
            "select count(*) from probe.item where owner_id = ?", Integer.class, owner.owner());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /parcels,        parcels.read",
    "HEAD,   /parcels,        parcels.read",
    "POST,   /parcels,        parcels.write",
    "GET,    /parcels/any,    parcels.read",
    "PUT,    /parcels/any,    parcels.write",
    "PATCH,  /parcels/any,    parcels.write",
    "POST,   /parcels/search, parcels.read",
    "DELETE, /parcels,        parcels.admin",
    "GET,    /letters,        letters.read",
    "GET,    /cards,          cards.read"
  })
  void route_requiresTheScopeOfItsAnnotation(String method, String path, String scope) {
    for (var other : new String[] {"parcels.read", "parcels.write", "letters.read", "cards.read"}) {
      var answer = having(other).send(method, path, null);
      if (other.equals(scope)) {
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
            .doesNotContain("scope=\"" + scope);
      } else {
        assertThat(answer.statusCode()).as(other).isEqualTo(403);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
            .contains(
                "Bearer resource_metadata=\""
                    + PUBLIC_URL
                    + "/.well-known/oauth-protected-resource\", error=\"insufficient_scope\","
                    + " scope=\""
                    + scope
                    + "\"");
      }
    }
  }

  @Test
  void missingScope_isCountedAndLogged(CapturedOutput output) {
    var refused = refused("parcels.write");
    having("parcels.read").post("/parcels", "{}");
    assertThat(refused("parcels.write")).isEqualTo(refused + 1);
    assertThat(output)
        .contains(
            "\"reason\":\"insufficient_scope\"", "\"client_id\":\"task-cli\",\"claim\":\"scope\"");
  }

  private double refused(String scope) {
    return metrics.counter("rowlock.scope.missing", "scope", scope, "outcome", "refused").count();
  }

  @Test
  void routeWithoutAnnotation_needsNoScope() {
    assertThat(having("").get("/probe/me").statusCode()).isEqualTo(200);
  }

  @Test
  void revokedToken_isUnauthorizedBeforeItsScope() {
    var session = UUID.randomUUID().toString();
    var revoked =
        client.as(UUID.randomUUID(), claims -> claims.putAll(Map.of("sid", session, "scope", "")));
    database.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at) values ('"
            + session
            + "', now() + interval '1 hour')");
    assertThat(revoked.get("/parcels").statusCode()).isEqualTo(401);
  }

  // the database

  @ParameterizedTest
  @CsvSource({"GET, /parcels/mistake", "POST, /parcels/search"})
  void readThatWritesByMistake_failsWithoutTheScope(
      String method, String path, CapturedOutput output) {
    var reader = having("parcels.read");
    var answer = reader.send(method, path, null);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"scope\":\"parcels.write\"");
    assertThat(itemsOf(reader)).isZero();
    assertThat(output).contains("\"reason\":\"" + Refusal.WRITE_WITHOUT_SCOPE.code() + "\"");

    var writer = having("parcels.read parcels.write");
    assertThat(writer.send(method, path, null).statusCode()).isEqualTo(200);
    assertThat(itemsOf(writer)).isEqualTo(1);
  }

  @Test
  void tokenOfAnotherResource_isReadOnlyHere() {
    var reader = having("parcels.read letters.write cards.write");
    assertThat(reader.get("/parcels/mistake").statusCode()).isEqualTo(403);
    assertThat(itemsOf(reader)).isZero();
  }

  /** A way to write. */
  interface Write {
    void through(DataSource rows) throws SQLException;
  }

  /** Ways to write, each with a name that a test can show. */
  enum Way {
    STATEMENT(rows -> update(rows, INSERT)),
    PARAMETERS(
        rows ->
            new JdbcTemplate(rows).update("insert into probe.item (title) values (?)", "written")),
    BATCH(
        rows ->
            new JdbcTemplate(rows)
                .batchUpdate(
                    "insert into probe.item (title) values (?)",
                    List.of(new Object[] {"written"}, new Object[] {"again"}))),
    QUERY(rows -> new JdbcTemplate(rows).queryForList(INSERT + " returning id")),
    COMMON_TABLE_EXPRESSION(
        rows ->
            new JdbcTemplate(rows)
                .queryForList("with made as (" + INSERT + " returning id) select * from made")),
    READ_WRITE_MODE(rows -> update(rows, "set transaction read write; " + INSERT)),
    SETTING(
        rows ->
            update(rows, "select set_config('transaction_read_only', 'off', false); " + INSERT)),
    CONNECTION_SETTING(
        rows -> {
          try (var connection = rows.getConnection();
              var statement = connection.createStatement()) {
            connection.setReadOnly(false);
            statement.executeUpdate(INSERT);
          }
        }),
    LOCK(rows -> new JdbcTemplate(rows).queryForList("select id from probe.item for update")),
    SEQUENCE_OF_TRANSACTION(
        rows -> {
          try (var connection = rows.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
              statement.executeQuery("select 1");
              statement.executeUpdate(INSERT);
              connection.commit();
            } finally {
              connection.rollback();
            }
          }
        }),
    SAVEPOINT(
        rows -> {
          try (var connection = rows.getConnection()) {
            connection.setAutoCommit(false);
            var savepoint = connection.setSavepoint();
            try (var statement = connection.createStatement()) {
              statement.executeQuery("select 1");
              connection.rollback(savepoint);
              statement.executeUpdate(INSERT);
              connection.commit();
            } finally {
              connection.rollback();
            }
          }
        });

    private final Write write;

    Way(Write write) {
      this.write = write;
    }

    private static void update(DataSource rows, String sql) throws SQLException {
      try (var connection = rows.getConnection();
          var statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void readOnlyOwner_writesInNoWay(Way way) throws Exception {
    var reader = having("");
    var failure =
        reader.run(
            () -> {
              Owner.restrictToReading("parcels.write");
              try {
                way.write.through(rows);
                return null;
              } catch (Exception e) {
                return e;
              }
            });
    assertThat(failure).as(way.name()).isNotNull();
    assertThat(stackTrace(failure))
        .containsPattern("read-only transaction|read-write mode must be set before any query");
    assertThat(itemsOf(reader)).isZero();

    var writer = having("");
    if (way != Way.LOCK) {
      writer.run(() -> way.write.through(rows));
      assertThat(itemsOf(writer)).as("control: the same without the restriction").isPositive();
    }
  }

  private static String stackTrace(Exception failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void restriction_appliesInTransactionsAndOnOtherThreads() throws Exception {
    var reader = having("");
    reader.run(
        () -> {
          Owner.restrictToReading("parcels.write");
          var owner = Owner.current();
          assertThatThrownBy(
                  () ->
                      new TransactionTemplate(transactions)
                          .execute(status -> new JdbcTemplate(rows).update(INSERT)))
              .hasStackTraceContaining("read-only transaction");
          var failure = new Throwable[1];
          var thread =
              Thread.ofVirtual()
                  .start(
                      () -> {
                        try {
                          owner.call(() -> new JdbcTemplate(rows).update(INSERT));
                        } catch (RuntimeException e) {
                          failure[0] = e;
                        }
                      });
          thread.join();
          assertThat(failure[0]).hasStackTraceContaining("read-only transaction");
        });
    assertThat(itemsOf(reader)).isZero();
  }

  @Test
  void connectionTakenBeforeTheRestriction_isRefused() throws Exception {
    having("")
        .run(
            () -> {
              try (var before = rows.getConnection()) {
                Owner.restrictToReading("parcels.write");
                assertThatThrownBy(() -> before.createStatement().executeUpdate(INSERT))
                    .isInstanceOf(IllegalStateException.class);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "quote\"", "back\\slash"})
  void annotationWithoutOneScope_isRefused(String name) {
    assertThatThrownBy(() -> ScopeRequirement.Scope.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not one scope");
  }
}
