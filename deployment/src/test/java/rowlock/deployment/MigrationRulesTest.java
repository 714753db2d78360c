/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks that migrations are additive, so that the previous version keeps working during a rolling
 * upgrade: what it uses is neither removed nor renamed nor narrowed. A later version may remove it,
 * in a migration with a comment that starts with {@code -- contract:}.
 */
class MigrationRulesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** The last migration of each folder from before this rule. */
  private static final Map<String, Integer> OLDER =
      Map.of(
          "resource-server/src/main/resources/db/rowlock",
          1,
          "task-api/src/main/resources/db/migration",
          100,
          "task-web/src/main/resources/db/web",
          2);

  private static final Pattern FILE = Pattern.compile("V([0-9]+)__.*\\.sql");

  private static final Pattern NOT_ADDITIVE =
      Pattern.compile(
          "\\bdrop\\s+(table|column|function|procedure|view|schema|type|sequence|default|policy)\\b"
              + "|\\brename\\b"
              + "|\\balter\\s+(column\\s+)?\\S+\\s+(set\\s+data\\s+)?type\\b"
              + "|\\bset\\s+not\\s+null\\b"
              + "|\\btruncate\\b"
              + "|\\badd\\s+(column\\s+)?(?!constraint\\b)[^,;]*\\bnot\\s+null\\b(?![^,;]*\\bdefault\\b)"
              + "|\\badd\\s+constraint\\b(?![^;]*\\bnot\\s+valid\\b)");

  @Test
  void migrationsAfterTheRule_areAdditive() throws IOException {
    List<String> violations = new ArrayList<>();
    var files = 0;
    for (var folder : OLDER.entrySet()) {
      try (var migrations = Files.list(ROOT.resolve(folder.getKey()))) {
        for (var migration : migrations.sorted().toList()) {
          var name = FILE.matcher(migration.getFileName().toString());
          if (name.matches()) {
            files++;
            if (Integer.parseInt(name.group(1)) > folder.getValue()) {
              violations(Files.readString(migration))
                  .forEach(violation -> violations.add(migration.getFileName() + ": " + violation));
            }
          }
        }
      }
    }
    assertThat(files).isPositive();
    assertThat(violations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table api.task drop column title;",
        "drop table api.task;",
        "drop function rowlock.enter(uuid, text, text, bigint);",
        "alter table api.task rename column title to name;",
        "alter table api.task rename to tasks;",
        "alter table api.task alter column title type varchar(10);",
        "alter table api.task alter column title set not null;",
        "ALTER TABLE api.task ADD COLUMN priority integer NOT NULL;",
        "alter table api.task add constraint short check (char_length(title) < 10);",
        "truncate api.task;"
      })
  void statementThatBreaksThePreviousVersion_isFound(String sql) {
    assertThat(violations(sql)).isNotEmpty();
    assertThat(violations("-- contract: not used since V020\n" + sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table api.task add column priority integer not null default 0;",
        "alter table api.task add column note text, add column more text;",
        "create table api.label (owner_id uuid not null, name text not null);",
        "create or replace function api.later() returns integer language sql as 'select 1';",
        "create index concurrently task_title on api.task (title);",
        "alter table api.task add constraint short check (char_length(title) < 10) not valid;",
        "-- never drop table api.task\nselect 1;"
      })
  void additiveStatement_isAllowed(String sql) {
    assertThat(violations(sql)).isEmpty();
  }

  /** Returns the parts of a migration that are not additive; none if it declares a contraction. */
  private static List<String> violations(String sql) {
    if (sql.lines().anyMatch(line -> line.startsWith("-- contract:"))) {
      return List.of();
    }
    var statements =
        sql.lines()
            .map(line -> line.replaceFirst("--.*", ""))
            .reduce("", (all, line) -> all + "\n" + line)
            .toLowerCase(Locale.ROOT);
    return NOT_ADDITIVE.matcher(statements).results().map(match -> match.group().strip()).toList();
  }
}
