/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.api.test.PgBouncer;
import rowlock.local.postgres.PostgresServer;
import rowlock.local.testing.TestServers;
import rowlock.product.Applications;
import rowlock.product.web.TestWeb;
import rowlock.settings.InvalidSettingException;

/** Databases that task-web accepts or rejects at the start, and its migration. */
class SessionDatabaseIT {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          transaction | extra_float_digits
          transaction | extra_float_digits,options
          session     | extra_float_digits,options
          transaction | datestyle
          """)
  void start_behindPgBouncer_isRejectedWithTheSettingToChange(String mode, String ignored) {
    var web = TestWeb.shared();
    try (var pooler = PgBouncer.start(web.postgres(), mode, ignored, 4)) {
      assertRejected(database -> pooler.jdbcUrl(database), "connection pooler");
    }
  }

  @Test
  void start_onStandby_isRejectedWithTheSettingToChange() {
    try (var primary = TestServers.newPostgres();
        var standby = TestServers.newStandby(primary)) {
      assertRejected(database -> standby.jdbcUrl("postgres"), "names a standby", standby);
    }
  }

  @Test
  void start_onDatabaseOfNewerVersion_revokesNothing() {
    var web = TestWeb.shared();
    var database = web.database();
    var login =
        web.settings(TestWeb.freePort()).stream()
            .filter(setting -> setting.startsWith("--rowlock.web.db.user="))
            .map(setting -> setting.substring(setting.indexOf('=') + 1))
            .findFirst()
            .orElseThrow();
    var applied =
        "insert into web_migration.flyway_schema_history (installed_rank, version, description, type,"
            + " script, checksum, installed_by, execution_time, success) select"
            + " max(installed_rank) + 1, ?, ?, 'SQL', ?, 1, 'next', 1, true"
            + " from web_migration.flyway_schema_history";
    database.sql("create table web.later (id integer)").update();
    database.sql("grant select on web.later to \"" + login + "\"").update();
    database.sql(applied).params("900", "later", "V900__later.sql").update();
    database.sql(applied).params(null, "grants", "R__grants.sql").update();
    try {
      web.startNode();
      assertThat(
              database
                  .sql("select has_table_privilege(?, 'web.later', 'select')")
                  .param(login)
                  .query(Boolean.class)
                  .single())
          .isTrue();
      assertThat(web.visitor().registered().session().path("signedIn").asBoolean()).isTrue();
    } finally {
      database
          .sql("delete from web_migration.flyway_schema_history where installed_by = 'next'")
          .update();
      database.sql("drop table web.later").update();
    }
  }

  private static void assertRejected(
      UnaryOperator<String> url, String message, PostgresServer... server) {
    List<String> settings = new ArrayList<>();
    for (var setting : TestWeb.shared().settings(TestWeb.freePort())) {
      if (setting.startsWith("--rowlock.web.db.url=")) {
        var database = setting.substring(setting.lastIndexOf('/') + 1);
        settings.add("--rowlock.web.db.url=" + url.apply(database));
      } else if (setting.startsWith("--rowlock.web.db.migration.password=") && server.length > 0) {
        settings.add("--rowlock.web.db.migration.password=" + server[0].superuserPassword());
      } else {
        settings.add(setting);
      }
    }
    assertThatThrownBy(() -> Applications.taskWeb(settings).close())
        .hasRootCauseInstanceOf(InvalidSettingException.class)
        .rootCause()
        .hasMessageContaining("ROWLOCK_WEB_DB_URL")
        .hasMessageContaining(message);
  }
}
