/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;

/**
 * The tasks in the database. Each operation is one statement and one round trip, because none opens
 * a transaction, whose commit is a round trip. Each statement has {@code owner_id = :owner}
 * although row security restricts it as well: either alone is enough.
 *
 * <p>Parameters that may be null are cast, so that the server knows their type and keeps the plan.
 */
@Component
final class TaskRepository {
  /** The columns of a {@link Task}, in the order of its components. */
  private static final String COLUMNS =
      """
      id, title, description, completed_at is not null as completed, completed_at, created_at,
      updated_at, version
      """;

  /**
   * The canonical form of the column {@code text}: NFKC, without soft hyphens and zero width
   * characters, with full case folding (Unicode Standard section 5.18). So {@code é} is found
   * however it was composed, {@code ß} as {@code SS}, and a no-break space as a space. ASCII is its
   * own normal form, and cheaper to compare. Most texts are normalized already.
   */
  private static final String CANONICAL =
      """
      case when octet_length(text) = char_length(text) then lower(text collate pg_c_utf8)
           else (select case when folded is NFKC normalized then folded else normalize(folded, NFKC) end
                 from (select casefold(case when visible is NFKC normalized then visible
                                            else normalize(visible, NFKC) end
                                       collate pg_unicode_fast) as folded
                       from (select translate(text, E'\\u00AD\\u200B\\u200C\\u200D\\u2060\\uFEFF', '')
                                    as visible) as without_format) as folding)
      end
      """;

  /** True if the owner has fewer than {@code limit} tasks. */
  private static final String BELOW_LIMIT =
      """
      not exists (select from api.task where owner_id = :owner order by id offset :limit - 1 limit 1)
      """;

  /** True for the task {@code id} if it has one of the versions, or if any version is accepted. */
  private static final String MATCHING =
      """
      where owner_id = :owner and id = :id
        and (cast(:versions as bigint[]) is null or version = any (cast(:versions as bigint[])))
      """;

  /** Selects the {@code changed} task, and whether it existed before the statement. */
  private static final String CHANGE =
      """
      select exists (select from api.task where owner_id = :owner and id = :id) as found, changed.*
      from (select) as always left join changed on true
      """;

  private static final String FIND =
      "select " + COLUMNS + "from api.task where owner_id = :owner and id = :id";

  private static final String PAGE =
      "select "
          + COLUMNS
          + """
          from api.task
          where owner_id = :owner
            and id < :before
            and (cast(:completed as boolean) is null
                 or (completed_at is not null) = cast(:completed as boolean))
          """;

  /** Without a condition on the text, which costs as much as the rest even if it has no effect. */
  private static final String LIST = PAGE + "order by id desc limit :limit";

  /**
   * Searches a text in all rows of the owner, which are limited by {@link TaskSettings#limit}: an
   * index over words would not be used under row security, because the operators that compare texts
   * are not leakproof.
   */
  private static final String SEARCH =
      PAGE
          + "and position((select "
          + CANONICAL
          + "from (select cast(:text as text) as text) as wanted) in (select "
          + CANONICAL
          + """
          from (select title || E'\\n' || coalesce(description, '') as text) as stored)) > 0
          order by id desc
          limit :limit
          """;

  private static final String INSERT =
      """
      insert into api.task (owner_id, title, description, completed_at)
      select :owner, :title, :description, case when cast(:completed as boolean) then now() end
      where
      """
          + BELOW_LIMIT
          + "returning "
          + COLUMNS;

  /**
   * Of several concurrent requests with one key the first inserts the task and the others wait for
   * its record: {@code do update} (without effect) returns a record that was committed after the
   * snapshot of the statement, {@code do nothing} would not. Expired records of the owner are
   * deleted by the same statement.
   */
  private static final String INSERT_ONCE =
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
        where
      """
          + BELOW_LIMIT
          + """
          or exists (
              select from rowlock.idempotency_key
              where owner_id = :owner and key = :key and created_at >= now() - interval '1 day')
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
            returning *
          ), existing as (
            select * from made
            union all
            select * from api.task
            where owner_id = :owner and id = (select resource_id from recorded)
          ), as_created as (
            select resource_id as id, :title as title, :description as description,
                   case when cast(:completed as boolean) then recorded_at end as completed_at,
                   recorded_at as created_at, recorded_at as updated_at, 1 as version
            from recorded where not exists (select from existing)
          ), task as (
            select id, title, description, completed_at, created_at, updated_at, version
            from existing
            union all
            select id, title, description, completed_at, created_at, updated_at, version
            from as_created
          )
          select (select fingerprint = :fingerprint from recorded) as same_content,
          """
          + COLUMNS
          + "from task";

  private static final String REPLACE =
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
      """
          + MATCHING
          + "returning "
          + COLUMNS
          + ")"
          + CHANGE;

  private static final String COMPLETE =
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
      """
          + MATCHING
          + "returning "
          + COLUMNS
          + ")"
          + CHANGE;

  private static final String DELETE =
      "with changed as (delete from api.task " + MATCHING + "returning " + COLUMNS + ")" + CHANGE;

  private static final String DELETE_ALL = "delete from api.task where owner_id = :owner";

  private final JdbcClient database;

  TaskRepository(JdbcClient database) {
    this.database = database;
  }

  /** Returns a task, or null if the owner has none with this id. */
  @Nullable Task find(UUID owner, UUID id) {
    return statement(FIND, owner)
        .param("id", id)
        .query(TaskRepository::task)
        .optional()
        .orElse(null);
  }

  /**
   * Returns a page of tasks, newest first. Reads one task more than the page has, to determine
   * whether another page follows.
   */
  TaskPage find(UUID owner, TaskQuery query) {
    var text = query.text();
    var statement = statement(text == null ? LIST : SEARCH, owner);
    if (text != null) {
      statement.param("text", text);
    }
    var tasks =
        statement
            .param("before", query.cursor().before())
            .param("completed", query.status().completed(), Types.BOOLEAN)
            .param("limit", query.limit() + 1)
            .query(TaskRepository::task)
            .list();
    if (tasks.size() <= query.limit()) {
      return new TaskPage(tasks, null);
    }
    var page = tasks.subList(0, query.limit());
    return new TaskPage(page, new Cursor(page.getLast().id()).text());
  }

  /**
   * Creates a task.
   *
   * @param limit the maximum number of tasks of an owner
   */
  TaskCreation create(UUID owner, TaskContent content, int limit) {
    var task =
        withContent(statement(INSERT, owner), content)
            .param("limit", limit)
            .query(TaskRepository::task)
            .optional();
    return task.<TaskCreation>map(TaskCreation.Created::new)
        .orElseGet(TaskCreation.LimitReached::new);
  }

  /**
   * Creates a task once per idempotency key and day. The result has the task of the key: as it is
   * now, or as it was created if it has been deleted.
   *
   * @param limit the maximum number of tasks of an owner
   */
  TaskCreation create(UUID owner, TaskContent content, int limit, IdempotencyKey key) {
    return withContent(statement(INSERT_ONCE, owner), content)
        .param("key", key.value())
        .param("fingerprint", content.fingerprint())
        .param("limit", limit)
        .query(
            (row, number) ->
                row.getBoolean("same_content")
                    ? new TaskCreation.Created(taskAfter(1, row))
                    : new TaskCreation.KeyReused())
        .optional()
        .orElseGet(TaskCreation.LimitReached::new);
  }

  /**
   * Replaces the content of a task.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  Outcome<Task> replace(UUID owner, UUID id, @Nullable String versions, TaskContent content) {
    return change(withContent(statement(REPLACE, owner), content), id, versions);
  }

  /**
   * Completes or reopens a task. A task that is already so keeps its version.
   *
   * @param completed the new state; null to toggle it
   * @param versions the versions to start from, as an array literal; null for any
   */
  Outcome<Task> complete(
      UUID owner, UUID id, @Nullable String versions, @Nullable Boolean completed) {
    return change(
        statement(COMPLETE, owner).param("completed", completed, Types.BOOLEAN), id, versions);
  }

  /**
   * Deletes a task.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  Outcome<Task> delete(UUID owner, UUID id, @Nullable String versions) {
    return change(statement(DELETE, owner), id, versions);
  }

  /** Deletes all tasks of the owner. */
  void deleteAll(UUID owner) {
    statement(DELETE_ALL, owner).update();
  }

  private StatementSpec statement(String sql, UUID owner) {
    return database.sql(sql).param("owner", owner);
  }

  private static StatementSpec withContent(StatementSpec statement, TaskContent content) {
    return statement
        .param("title", content.title())
        .param("description", content.description(), Types.VARCHAR)
        .param("completed", content.completed(), Types.BOOLEAN);
  }

  private static Outcome<Task> change(StatementSpec statement, UUID id, @Nullable String versions) {
    return statement
        .param("id", id)
        .param("versions", versions, Types.VARCHAR)
        .query((row, number) -> outcome(row, versions))
        .single();
  }

  private static Outcome<Task> outcome(ResultSet row, @Nullable String versions)
      throws SQLException {
    if (row.getObject("id") != null) {
      return new Outcome.Done<>(taskAfter(1, row));
    }
    // Found but not changed without a condition: it was deleted concurrently.
    return row.getBoolean("found") && versions != null
        ? new Outcome.Stale<>()
        : new Outcome.Missing<>();
  }

  /** For {@link org.springframework.jdbc.core.RowMapper}; all columns are those of a task. */
  private static Task task(ResultSet row, int number) throws SQLException {
    return taskAfter(0, row);
  }

  /**
   * Reads the {@link #COLUMNS} by position, which costs less than by name.
   *
   * @param columns the number of columns that precede them
   */
  private static Task taskAfter(int columns, ResultSet row) throws SQLException {
    return new Task(
        row.getObject(columns + 1, UUID.class),
        row.getString(columns + 2),
        row.getString(columns + 3),
        row.getBoolean(columns + 4),
        instant(row.getObject(columns + 5, OffsetDateTime.class)),
        row.getObject(columns + 6, OffsetDateTime.class).toInstant(),
        row.getObject(columns + 7, OffsetDateTime.class).toInstant(),
        row.getLong(columns + 8));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
