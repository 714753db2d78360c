/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

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
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;

/**
 * The tasks in the database. Each operation is one statement and one round trip. Each statement
 * says {@code owner_id = :owner} although row security would see to it: either alone is enough.
 * Parameters that may be null say their type, so that the server can keep the plan.
 */
@Component
class TaskStore {

  /** The canonical form of the column {@code text}. Most texts are normalized already. */
  private static final String CANONICAL =
      """
      case when octet_length(text) = char_length(text) then lower(text collate pg_c_utf8)
           else (select case when folded is NFKC normalized then folded else normalize(folded, NFKC) end
                 from (select casefold(case when visible is NFKC normalized then visible
                                            else normalize(visible, NFKC) end
                                       collate pg_unicode_fast) as folded
                       from (select translate(text, E'\\u00AD\\u200B\\u200C\\u200D\\u2060\\uFEFF', '')
                                    as visible) as without_format) as folding)
      end""";

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
   *
   * <p>Texts are stored as entered and compared in a canonical form: NFKC, without soft hyphens and
   * zero width characters, with full case folding (Unicode Standard section 5.18). So {@code é} is
   * found however it was composed, {@code ß} as {@code SS}, and a no-break space as a space. ASCII
   * is its own normal form, and cheaper to compare.
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
                       or position((select %s from (select cast(:text as text) as text) as wanted)
                          in (select %s from (select title || E'\\n' || coalesce(description, '') as text)
                                as stored)) > 0)
                order by id desc
                limit :limit
                """
                    .formatted(CANONICAL, CANONICAL))
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
    return new TaskPage(page, new Cursor(page.getLast().id()).text());
  }

  /** Creates a task. */
  TaskCreation create(UUID owner, TaskContent content) {
    return database
        .sql(
            """
            insert into api.task (owner_id, title, description, completed_at)
            select :owner, :title, :description,
                   case when cast(:completed as boolean) then now() end
            where not exists (
                select from api.task where owner_id = :owner
                order by id offset :limit - 1 limit 1)
            returning id, title, description, completed_at, created_at, updated_at, version
            """)
        .param("owner", owner)
        .param("title", content.title())
        .param("description", content.description(), Types.VARCHAR)
        .param("completed", content.completed(), Types.BOOLEAN)
        .param("limit", limit)
        .query((row, number) -> task(row))
        .optional()
        .<TaskCreation>map(TaskCreation.Created::new)
        .orElseGet(TaskCreation.LimitReached::new);
  }

  /**
   * Creates a task once per idempotency key and day. Of several concurrent requests with one key
   * the first creates it and the others wait for its record: {@code do update} (without effect)
   * returns a record that was committed after the snapshot of the statement, {@code do nothing}
   * would not. Expired records of the owner are deleted by the same statement.
   */
  TaskCreation create(UUID owner, TaskContent content, IdempotencyKey key) {
    byte[] fingerprint = content.fingerprint();
    return database
        .sql(
            """
            with expired as (
              delete from rowlock.idempotency_key
              where owner_id = :owner and created_at < now() - interval '1 day' and key <> :key
            ), proposed as materialized (
              select uuidv7() as id
            ), recorded as (
              insert into rowlock.idempotency_key as old (owner_id, key, fingerprint, resource_id)
              select :owner, :key, :fingerprint, proposed.id
              from proposed
              where not exists (
                  select from api.task where owner_id = :owner
                  order by id offset :limit - 1 limit 1)
                or exists (
                  select from rowlock.idempotency_key
                  where owner_id = :owner and key = :key
                    and created_at >= now() - interval '1 day')
              on conflict (owner_id, key) do update set
                (fingerprint, resource_id, created_at) = (
                  select excluded.fingerprint, excluded.resource_id, excluded.created_at
                  where old.created_at < now() - interval '1 day'
                  union all
                  select old.fingerprint, old.resource_id, old.created_at
                  where old.created_at >= now() - interval '1 day')
              returning fingerprint, resource_id, created_at as recorded_at
            ), made as (
              insert into api.task (owner_id, id, title, description, completed_at)
              select :owner, proposed.id, :title, :description,
                     case when cast(:completed as boolean) then now() end
              from proposed join recorded on recorded.resource_id = proposed.id
              returning id, title, description, completed_at, created_at, updated_at, version
            ), found as (
              select id, title, description, completed_at, created_at, updated_at, version from made
              union all
              select id, title, description, completed_at, created_at, updated_at, version
              from api.task
              where owner_id = :owner and id = (select resource_id from recorded)
            )
            select recorded.fingerprint = :fingerprint as same, recorded.resource_id,
                   recorded.recorded_at, found.*
            from recorded left join found on true
            """)
        .param("owner", owner)
        .param("key", key.value())
        .param("fingerprint", fingerprint)
        .param("title", content.title())
        .param("description", content.description(), Types.VARCHAR)
        .param("completed", content.completed(), Types.BOOLEAN)
        .param("limit", limit)
        .query((row, number) -> creation(row, content))
        .optional()
        .orElseGet(TaskCreation.LimitReached::new);
  }

  /**
   * A task that has been deleted is answered as it was created: the content is that of its request.
   */
  private static TaskCreation creation(ResultSet row, TaskContent content) throws SQLException {
    if (!row.getBoolean("same")) {
      return new TaskCreation.KeyReused();
    }
    if (row.getObject("id") != null) {
      return new TaskCreation.Created(task(row));
    }
    Instant createdAt = instant(row, "recorded_at");
    boolean completed = Boolean.TRUE.equals(content.completed());
    return new TaskCreation.Created(
        new Task(
            row.getObject("resource_id", UUID.class),
            content.title(),
            content.description(),
            completed,
            completed ? createdAt : null,
            createdAt,
            createdAt,
            1));
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
  Outcome<Task> replace(UUID owner, UUID id, @Nullable String versions, TaskContent content) {
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
  Outcome<Task> complete(
      UUID owner, UUID id, @Nullable String versions, @Nullable Boolean completed) {
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
  Outcome<Task> delete(UUID owner, UUID id, @Nullable String versions) {
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
  private static Outcome<Task> change(ResultSet row, @Nullable String versions)
      throws SQLException {
    if (row.getObject("id") != null) {
      return new Outcome.Done<>(task(row));
    }
    // There and not changed without a condition: somebody deleted it in the same moment.
    return row.getBoolean("found") && versions != null
        ? new Outcome.Stale<>()
        : new Outcome.Missing<>();
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
