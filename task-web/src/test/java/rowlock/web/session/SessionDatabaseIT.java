/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.api.local.PgBouncer;
import rowlock.local.PostgresServer;
import rowlock.local.TestServers;
import rowlock.settings.InvalidSettingException;
import rowlock.web.TestWeb;
import rowlock.web.local.Applications;

/** Which databases task-web starts with, and what it changes in them. */
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
    TestWeb web = TestWeb.shared();
    try (PgBouncer pooler = PgBouncer.start(web.postgres(), mode, ignored, 4)) {
      refuses(database -> pooler.jdbcUrl(database), "connection pooler");
    }
  }

  @Test
  void start_onStandby_isRejectedWithTheSettingToChange() {
    try (PostgresServer primary = TestServers.newPostgres();
        PostgresServer standby = TestServers.newStandby(primary)) {
      refuses(database -> standby.jdbcUrl("postgres"), "names a standby", standby);
    }
  }

  private static void refuses(UnaryOperator<String> url, String message, PostgresServer... server) {
    List<String> settings = new ArrayList<>();
    for (String setting : TestWeb.shared().settings(TestWeb.freePort())) {
      if (setting.startsWith("--rowlock.web.db.url=")) {
        String database = setting.substring(setting.lastIndexOf('/') + 1);
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
