/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;

/**
 * The tasks in the database. Each operation is one statement and one round trip, because a declared
 * query runs without a transaction of its own; the methods of {@code CrudRepository} would open
 * one, and its commit is a round trip. Each statement has {@code owner_id = :owner} although row
 * security restricts it as well: either alone is enough.
 *
 * <p>Parameters that may be null are cast, so that the server knows their type and keeps the plan.
 */
interface TaskRepository extends Repository<Task, UUID> {
  /** The columns of a {@link Task}. */
  String COLUMNS =
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
  String CANONICAL =
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
  String BELOW_LIMIT =
      """
      not exists (select from api.task where owner_id = :owner order by id offset :limit - 1 limit 1)
      """;

  /** True for the task {@code id} if it has one of the versions, or if any version is accepted. */
  String MATCHING =
      """
      where owner_id = :owner and id = :id
        and (cast(:versions as bigint[]) is null or version = any (cast(:versions as bigint[])))
      """;

  /** Selects the {@code changed} task, and whether it existed before the statement. */
  String CHANGE =
      """
      select exists (select from api.task where owner_id = :owner and id = :id) as found, changed.*
      from (select) as always left join changed on true
      """;

  /** Returns a task, or null if the owner has none with this id. */
  @Query("select " + COLUMNS + "from api.task where owner_id = :owner and id = :id")
  @Nullable Task find(UUID owner, UUID id);

  /**
   * Returns tasks, newest first. A text is searched in all rows of the owner, which are limited by
   * {@link TaskSettings#limit}: an index over words would not be used under row security, because
   * the operators that compare texts are not leakproof.
   *
   * @param before the id that all ids of the result are less than
   * @param completed whether the tasks are completed; null for both
   * @param text the text that title or description contains; null for any
   * @param limit the maximum number of tasks
   */
  @Query(
      "select "
          + COLUMNS
          + """
          from api.task
          where owner_id = :owner
            and id < :before
            and (cast(:completed as boolean) is null
                 or (completed_at is not null) = cast(:completed as boolean))
            and (cast(:text as text) is null
                 or position((select
          """
          + CANONICAL
          + "from (select cast(:text as text) as text) as wanted) in (select "
          + CANONICAL
          + """
          from (select title || E'\\n' || coalesce(description, '') as text) as stored)) > 0)
          order by id desc
          limit :limit
          """)
  List<Task> find(
      UUID owner, UUID before, @Nullable Boolean completed, @Nullable String text, int limit);

  /**
   * Returns a page. Reads one task more than the page has, to determine whether another page
   * follows.
   */
  default TaskPage find(UUID owner, TaskQuery query) {
    var tasks =
        find(
            owner,
            query.cursor().before(),
            query.status().completed(),
            query.text(),
            query.limit() + 1);
    if (tasks.size() <= query.limit()) {
      return new TaskPage(tasks, null);
    }
    var page = tasks.subList(0, query.limit());
    return new TaskPage(page, new Cursor(page.getLast().id()).text());
  }

  /**
   * Inserts a task.
   *
   * @param limit the maximum number of tasks of an owner
   * @return the task, or null if the owner has {@code limit} tasks
   */
  @Query(
      """
      insert into api.task (owner_id, title, description, completed_at)
      select :owner, :title, :description, case when cast(:completed as boolean) then now() end
      where
      """
          + BELOW_LIMIT
          + "returning "
          + COLUMNS)
  @Nullable Task insert(
      UUID owner,
      String title,
      @Nullable String description,
      @Nullable Boolean completed,
      int limit);

  /** Creates a task. */
  default TaskCreation create(UUID owner, TaskContent content, int limit) {
    var task = insert(owner, content.title(), content.description(), content.completed(), limit);
    return task == null ? new TaskCreation.LimitReached() : new TaskCreation.Created(task);
  }

  /**
   * Inserts a task once per idempotency key and day. Of several concurrent requests with one key
   * the first inserts it and the others wait for its record: {@code do update} (without effect)
   * returns a record that was committed after the snapshot of the statement, {@code do nothing}
   * would not. Expired records of the owner are deleted by the same statement.
   *
   * @return the task of the key: as it is now, or as it was created if it has been deleted; null if
   *     the owner has {@code limit} tasks
   */
  @Query(
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
          + "from task")
  @Nullable KeyedTask insertOnce(
      UUID owner,
      String key,
      byte[] fingerprint,
      String title,
      @Nullable String description,
      @Nullable Boolean completed,
      int limit);

  /** Creates a task once per idempotency key and day. */
  default TaskCreation create(UUID owner, TaskContent content, int limit, IdempotencyKey key) {
    var keyed =
        insertOnce(
            owner,
            key.value(),
            content.fingerprint(),
            content.title(),
            content.description(),
            content.completed(),
            limit);
    return keyed == null ? new TaskCreation.LimitReached() : keyed.creation();
  }

  /**
   * Replaces the content of a task.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  @Query(
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
          + CHANGE)
  TaskChange update(
      UUID owner,
      UUID id,
      @Nullable String versions,
      String title,
      @Nullable String description,
      @Nullable Boolean completed);

  /** Replaces the content of a task; see {@link #update}. */
  default Outcome<Task> replace(
      UUID owner, UUID id, @Nullable String versions, TaskContent content) {
    return update(owner, id, versions, content.title(), content.description(), content.completed())
        .outcome(versions);
  }

  /**
   * Sets whether a task is completed. A task that is already so keeps its version.
   *
   * @param completed the new state; null to toggle it
   * @param versions the versions to start from, as an array literal; null for any
   */
  @Query(
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
          + CHANGE)
  TaskChange updateCompletion(
      UUID owner, UUID id, @Nullable String versions, @Nullable Boolean completed);

  /** Completes or reopens a task; see {@link #updateCompletion}. */
  default Outcome<Task> complete(
      UUID owner, UUID id, @Nullable String versions, @Nullable Boolean completed) {
    return updateCompletion(owner, id, versions, completed).outcome(versions);
  }

  /**
   * Deletes a task.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  @Query(
      "with changed as (delete from api.task " + MATCHING + "returning " + COLUMNS + ")" + CHANGE)
  TaskChange remove(UUID owner, UUID id, @Nullable String versions);

  /** Deletes a task; see {@link #remove}. */
  default Outcome<Task> delete(UUID owner, UUID id, @Nullable String versions) {
    return remove(owner, id, versions).outcome(versions);
  }

  /** Deletes all tasks of the owner. */
  @Modifying
  @Query("delete from api.task where owner_id = :owner")
  void deleteAll(UUID owner);
}
