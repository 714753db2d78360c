/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.resource.Cursor;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;

/**
 * The items in the database. Each operation is one statement. Each statement names the owner
 * although row security restricts it as well, so that tests can disable either.
 */
public final class ItemStore {
  private final JdbcClient database;
  private final int limit;

  /**
   * @param limit how many items one owner may have
   */
  public ItemStore(JdbcClient database, int limit) {
    this.database = database;
    this.limit = limit;
  }

  /** Returns a page of items, newest first. */
  public ItemPage list(UUID owner, int pageSize, Cursor cursor) {
    var items =
        database
            .sql(
                """
                select id, title, version from probe.item
                where owner_id = :owner and id < :before
                order by id desc
                limit :limit
                """)
            .param("owner", owner)
            .param("before", cursor.before())
            .param("limit", pageSize + 1)
            .query((row, number) -> item(row))
            .list();
    if (items.size() <= pageSize) {
      return new ItemPage(items, null);
    }
    var page = items.subList(0, pageSize);
    return new ItemPage(page, new Cursor(page.getLast().id()).text());
  }

  /** Creates an item. */
  public ItemCreation create(UUID owner, String title) {
    return database
        .sql(
            """
            insert into probe.item (owner_id, title)
            select :owner, :title
            where (select count(*) from probe.item where owner_id = :owner) < :limit
            returning id, title, version
            """)
        .param("owner", owner)
        .param("title", title)
        .param("limit", limit)
        .query((row, number) -> item(row))
        .optional()
        .<ItemCreation>map(ItemCreation.Created::new)
        .orElseGet(ItemCreation.LimitReached::new);
  }

  /** Creates an item once per idempotency key. */
  public ItemCreation create(UUID owner, String title, IdempotencyKey key) {
    return database
        .sql(
            """
            with recorded as (
              insert into rowlock.idempotency_key as old (owner_id, key, fingerprint, resource_id)
              values (:owner, :key, :fingerprint, uuidv7())
              on conflict (owner_id, key) do update set fingerprint = old.fingerprint
              returning fingerprint, resource_id
            ), made as (
              insert into probe.item (owner_id, id, title)
              select :owner, resource_id, :title from recorded
              where not exists (
                select from rowlock.idempotency_key where owner_id = :owner and key = :key)
              returning id, title, version
            ), found as (
              select id, title, version from made
              union all
              select id, title, version from probe.item
              where owner_id = :owner and id = (select resource_id from recorded)
            )
            select recorded.fingerprint = :fingerprint as same, found.*
            from recorded join found on true
            """)
        .param("owner", owner)
        .param("key", key.value())
        .param("fingerprint", title.getBytes(StandardCharsets.UTF_8))
        .param("title", title)
        .query(
            (row, number) ->
                row.getBoolean("same")
                    ? new ItemCreation.Created(item(row))
                    : new ItemCreation.KeyReused())
        .single();
  }

  /** Returns an item, or null if the owner has none with this id. */
  public @Nullable Item read(UUID owner, UUID id) {
    return database
        .sql("select id, title, version from probe.item where owner_id = :owner and id = :id")
        .param("owner", owner)
        .param("id", id)
        .query((row, number) -> item(row))
        .optional()
        .orElse(null);
  }

  /**
   * Replaces the title of an item.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  public Outcome<Item> replace(UUID owner, UUID id, @Nullable String versions, String title) {
    return database
        .sql(
            """
            with changed as (
              update probe.item set title = :title, version = version + 1
              where owner_id = :owner and id = :id
                and (cast(:versions as bigint[]) is null
                     or version = any (cast(:versions as bigint[])))
              returning id, title, version
            )
            select exists (select from probe.item where owner_id = :owner and id = :id) as found,
                   changed.*
            from (select) as always left join changed on true
            """)
        .param("owner", owner)
        .param("id", id)
        .param("versions", versions, Types.VARCHAR)
        .param("title", title)
        .query((row, number) -> change(row, versions))
        .single();
  }

  /**
   * Deletes an item.
   *
   * @param versions the versions to start from, as an array literal; null for any
   */
  public Outcome<Item> delete(UUID owner, UUID id, @Nullable String versions) {
    return database
        .sql(
            """
            with changed as (
              delete from probe.item
              where owner_id = :owner and id = :id
                and (cast(:versions as bigint[]) is null
                     or version = any (cast(:versions as bigint[])))
              returning id, title, version
            )
            select exists (select from probe.item where owner_id = :owner and id = :id) as found,
                   changed.*
            from (select) as always left join changed on true
            """)
        .param("owner", owner)
        .param("id", id)
        .param("versions", versions, Types.VARCHAR)
        .query((row, number) -> change(row, versions))
        .single();
  }

  private static Outcome<Item> change(ResultSet row, @Nullable String versions)
      throws SQLException {
    if (row.getObject("id") != null) {
      return new Outcome.Done<>(item(row));
    }
    return row.getBoolean("found") && versions != null
        ? new Outcome.Stale<>()
        : new Outcome.Missing<>();
  }

  private static Item item(ResultSet row) throws SQLException {
    return new Item(
        row.getObject("id", UUID.class), row.getString("title"), row.getLong("version"));
  }
}
