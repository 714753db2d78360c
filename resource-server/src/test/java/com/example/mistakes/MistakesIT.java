/* SPDX-License-Identifier: Apache-2.0 */
package com.example.mistakes;

import static com.example.mistakes.DocumentedMessages.documented;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.minimal.MinimalApplication;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;

/** Each configuration mistake stops the start with one readable message. */
@ExtendWith(OutputCaptureExtension.class)
class MistakesIT {
  private static final String MEMOS = "classpath:com/example/minimal";

  private final TestDatabase database = TestDatabase.create();

  private void start(String scripts, Class<?>... mistakes) {
    List<String> arguments = new ArrayList<>();
    database.settings().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    arguments.add("--rowlock.issuer=" + TestIssuer.shared().url());
    arguments.add("--rowlock.audience=" + TestIssuer.AUDIENCE);
    arguments.add("--server.port=0");
    arguments.add("--management.server.port=0");
    arguments.add("--rowlock.db.schema=public");
    arguments.add("--spring.flyway.locations=" + scripts);
    var application = new SpringApplication(MinimalApplication.class);
    application.addPrimarySources(List.of(mistakes));
    application.run(arguments.toArray(String[]::new)).close();
  }

  private void assertRefused(CapturedOutput output, String message, Class<?>... mistakes) {
    assertThatThrownBy(() -> start(MEMOS, mistakes)).isInstanceOf(Exception.class);
    assertThat(report(output)).contains(documented(message)).doesNotContain("\tat ");
  }

  /** Returns the output of a failed start. */
  private static String report(CapturedOutput output) {
    var all = output.getAll();
    assertThat(all).contains("APPLICATION FAILED TO START");
    return all.substring(all.indexOf("APPLICATION FAILED TO START"));
  }

  @Test
  void tableWithoutOwn_isRefused(CapturedOutput output) {
    assertThatThrownBy(() -> start("classpath:com/example/mistakes")).isInstanceOf(Exception.class);
    assertThat(report(output))
        .contains(documented("has the table unowned without row security"))
        .doesNotContain("\tat ");
  }

  @Test
  void droppedPolicy_isRefusedByTheNextStart(CapturedOutput output) {
    start(MEMOS);
    database.asSuperuser("drop policy rows_of_owner on memo");
    assertRefused(output, "has the table memo, which no policy lets anybody see");
  }

  @Test
  void openPolicy_isRefusedByTheNextStart(CapturedOutput output) {
    start(MEMOS);
    database.asSuperuser("create policy open on memo using (true)");
    assertRefused(output, "has the policy open, which does not look at rowlock.owner");
  }

  @Test
  void disabledRowSecurity_isRefusedByTheNextStart(CapturedOutput output) {
    start(MEMOS);
    database.asSuperuser("alter table memo disable row level security");
    assertRefused(output, "has a table without row security");
  }

  @Test
  void primaryDataSource_isRefused(CapturedOutput output) {
    assertRefused(
        output,
        "The DataSource bean own is @Primary, so statements would bypass row security",
        Mistakes.PrimaryDataSource.class);
  }

  @Test
  void jdbcTemplate_onAnotherDataSource_isRefused(CapturedOutput output) {
    assertRefused(
        output,
        "The JdbcTemplate that is injected by type uses another DataSource",
        Mistakes.OwnJdbcTemplate.class);
  }

  @Test
  void jdbcClient_onAnotherDataSource_isRefused(CapturedOutput output) {
    assertThatThrownBy(() -> start(MEMOS, Mistakes.OwnJdbcClient.class))
        .isInstanceOf(Exception.class);
    assertThat(output).contains("The JdbcClient that is injected by type uses another DataSource");
  }

  @Test
  void transactionManager_onAnotherDataSource_isRefused(CapturedOutput output) {
    assertThatThrownBy(() -> start(MEMOS, Mistakes.OwnTransactionManager.class))
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("The TransactionManager that is injected by type uses another DataSource");
  }

  @Test
  void filterChainForEveryRequest_isRefused(CapturedOutput output) {
    assertRefused(
        output,
        "The SecurityFilterChain open matches every request",
        Mistakes.ChainForEveryRequest.class);
  }

  @Test
  void filterChainForPathsOfOwners_isRefused(CapturedOutput output) {
    assertRefused(
        output,
        "The SecurityFilterChain open matches GET /api/me/memos",
        Mistakes.ChainForTheApi.class);
  }

  @Test
  void ignoredPathsOfOwners_areRefused(CapturedOutput output) {
    assertRefused(
        output,
        "The SecurityFilterChain of WebSecurity.ignoring() matches GET /api/me/memos",
        Mistakes.IgnoredApi.class);
  }
}
