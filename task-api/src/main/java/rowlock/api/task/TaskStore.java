/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The tasks in the database. Each operation is one statement and one round trip. Each statement
 * says {@code owner_id = :owner} although row security would see to it: either alone is enough.
 * Parameters that may be null say their type, so that the server can keep the plan.
 */
@Component
class TaskStore {

  private final JdbcClient database;
  private final int limit;

  TaskStore(JdbcClient database, TaskSettings settings) {
    this.database = database;
    this.limit = settings.limit();
  }

  /**
   * A page of tasks, newest first. One more than asked for is read, to see whether more follow. A
   * text is looked for in the owner's rows, which are as many as {@link TaskSettings#limit} allows:
   * an index over words would not be used under row security, because what compares texts is not
   * leakproof.
   */
  TaskPage list(UUID owner, TaskQuery query) {
    List<Task> tasks =
        database
            .sql(
                """
                select id, title, description, completed_at, created_at, updated_at, version
                from api.task
                where owner_id = :owner
                  and id < :before
                  and (cast(:completed as boolean) is null
                       or (completed_at is not null) = cast(:completed as boolean))
                  and (cast(:text as text) is null
                       or position(lower(cast(:text as text) collate pg_c_utf8)
                          in lower((title || E'\\n' || coalesce(description, '')) collate pg_c_utf8)) > 0)
                order by id desc
                limit :limit
                """)
            .param("owner", owner)
            .param("before", query.cursor().before())
            .param("completed", query.status().completed(), Types.BOOLEAN)
            .param("text", query.text(), Types.VARCHAR)
            .param("limit", query.limit() + 1)
            .query((row, number) -> task(row))
            .list();
    if (tasks.size() <= query.limit()) {
      return new TaskPage(tasks, null);
    }
    List<Task> page = tasks.subList(0, query.limit());
    return new TaskPage(page, new TaskCursor(page.getLast().id()).text());
  }

  /**
   * Adds a task, or finds the one that was added under the same key. Of several at once with one
   * key the first makes it, and the others wait for it: changing nothing is how a statement sees a
   * row that is newer than itself.
   *
   * @param key a UUID of the client's, or null
   * @return empty when the owner has as many tasks as one may have
   */
  Optional<Task> create(UUID owner, TaskContent content, @Nullable String key) {
    return database
        .sql(
            """
            insert into api.task as existing (owner_id, title, description, completed_at, creation_key)
            select :owner, :title, :description,
                   case when cast(:completed as boolean) then now() end, cast(:key as uuid)
            where not exists (
                select from api.task where owner_id = :owner
                order by id offset :limit - 1 limit 1)
              or exists (
                select from api.task where owner_id = :owner and creation_key = cast(:key as uuid))
            on conflict (owner_id, creation_key) where creation_key is not null
              do update set version = existing.version
            returning id, title, description, completed_at, created_at, updated_at, version
            """)
        .param("owner", owner)
        .param("title", content.title())
        .param("description", content.description(), Types.VARCHAR)
        .param("completed", content.completed(), Types.BOOLEAN)
        .param("key", key, Types.VARCHAR)
        .param("limit", limit)
        .query((row, number) -> task(row))
        .optional();
  }

  Optional<Task> read(UUID owner, UUID id) {
    return database
        .sql(
            """
            select id, title, description, completed_at, created_at, updated_at, version
            from api.task
            where owner_id = :owner and id = :id
            """)
        .param("owner", owner)
        .param("id", id)
        .query((row, number) -> task(row))
        .optional();
  }

  /**
   * Puts the content in the place of what was there.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  TaskChange replace(UUID owner, UUID id, @Nullable String versions, TaskContent content) {
    return database
        .sql(
            """
            with changed as (
              update api.task
              set title = :title,
                  description = :description,
                  completed_at = case
                    when cast(:completed as boolean) is null then completed_at
                    when cast(:completed as boolean) then coalesce(completed_at, now())
                  end,
                  updated_at = now(),
                  version = version + 1
              where owner_id = :owner and id = :id
                and (cast(:versions as bigint[]) is null
                     or version = any (cast(:versions as bigint[])))
              returning id, title, description, completed_at, created_at, updated_at, version
            )
            select exists (select from api.task where owner_id = :owner and id = :id) as found,
                   changed.*
            from (select) as always left join changed on true
            """)
        .param("owner", owner)
        .param("id", id)
        .param("versions", versions, Types.VARCHAR)
        .param("title", content.title())
        .param("description", content.description(), Types.VARCHAR)
        .param("completed", content.completed(), Types.BOOLEAN)
        .query((row, number) -> change(row, versions))
        .single();
  }

  /**
   * Completes or reopens a task. A task that is already so stays as it is, with its version.
   *
   * @param completed what it is to be; null for the opposite of what it is
   * @param versions the versions to start from, as an array literal; null for any
   */
  TaskChange complete(UUID owner, UUID id, @Nullable String versions, @Nullable Boolean completed) {
    return database
        .sql(
            """
            with changed as (
              update api.task
              set completed_at = case
                    when coalesce(cast(:completed as boolean), completed_at is null)
                    then coalesce(completed_at, now())
                  end,
                  updated_at = case
                    when cast(:completed as boolean) = (completed_at is not null) then updated_at
                    else now()
                  end,
                  version = case
                    when cast(:completed as boolean) = (completed_at is not null) then version
                    else version + 1
                  end
              where owner_id = :owner and id = :id
                and (cast(:versions as bigint[]) is null
                     or version = any (cast(:versions as bigint[])))
              returning id, title, description, completed_at, created_at, updated_at, version
            )
            select exists (select from api.task where owner_id = :owner and id = :id) as found,
                   changed.*
            from (select) as always left join changed on true
            """)
        .param("owner", owner)
        .param("id", id)
        .param("versions", versions, Types.VARCHAR)
        .param("completed", completed, Types.BOOLEAN)
        .query((row, number) -> change(row, versions))
        .single();
  }

  /**
   * @param versions the versions to start from, as an array literal; null for any
   */
  TaskChange delete(UUID owner, UUID id, @Nullable String versions) {
    return database
        .sql(
            """
            with changed as (
              delete from api.task
              where owner_id = :owner and id = :id
                and (cast(:versions as bigint[]) is null
                     or version = any (cast(:versions as bigint[])))
              returning id, title, description, completed_at, created_at, updated_at, version
            )
            select exists (select from api.task where owner_id = :owner and id = :id) as found,
                   changed.*
            from (select) as always left join changed on true
            """)
        .param("owner", owner)
        .param("id", id)
        .param("versions", versions, Types.VARCHAR)
        .query((row, number) -> change(row, versions))
        .single();
  }

  /** {@code found} is what was there when the statement began, the rest what it has changed. */
  private static TaskChange change(ResultSet row, @Nullable String versions) throws SQLException {
    if (row.getObject("id") != null) {
      return new TaskChange.Done(task(row));
    }
    // There and not changed without a condition: somebody deleted it in the same moment.
    return row.getBoolean("found") && versions != null
        ? new TaskChange.Stale()
        : new TaskChange.Missing();
  }

  private static Task task(ResultSet row) throws SQLException {
    OffsetDateTime completedAt = row.getObject("completed_at", OffsetDateTime.class);
    return new Task(
        row.getObject("id", UUID.class),
        row.getString("title"),
        row.getString("description"),
        completedAt != null,
        completedAt == null ? null : completedAt.toInstant(),
        instant(row, "created_at"),
        instant(row, "updated_at"),
        row.getLong("version"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
