/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.settings.ErasureSettings;

/**
 * What has been cut off, in the database, where every replica asks with each statement. Each
 * operation is one call of a function, and one transaction that is committed when it returns.
 */
final class Ledger {

  /** Rows that one call takes away of each table at most. */
  private static final int PRUNE_AT_MOST = 10_000;

  private final JdbcClient database;
  private final Duration keep;
  private final ErasureSettings erasure;

  /**
   * @param keep how long a token can be used after it was issued, clocks that differ included
   * @param erasure how long rows of removed accounts are kept
   */
  Ledger(JdbcClient database, Duration keep, ErasureSettings erasure) {
    this.database = database;
    this.keep = keep;
    this.erasure = erasure;
  }

  /**
   * Writes an event down. Whatever comes twice or in another order leaves the same ledger.
   *
   * @return false when it was there before
   */
  boolean apply(String id, Instant happenedAt, Change change) {
    return database
        .sql(
            """
            select rowlock.apply_event(:id, :kind, :session, :client, cast(:account as uuid), :happenedAt,
                                   make_interval(secs => :keep), make_interval(secs => :retention))
            """)
        .param("id", id)
        .param("kind", change.kind().code())
        .param("session", change.session(), Types.VARCHAR)
        .param("client", change.client(), Types.VARCHAR)
        .param("account", change.account(), Types.OTHER)
        .param("happenedAt", OffsetDateTime.ofInstant(happenedAt, ZoneOffset.UTC))
        .param("keep", (double) keep.toSeconds())
        .param("retention", seconds(retention(change.kind())))
        .query(Boolean.class)
        .single();
  }

  /**
   * Whether it is this replica's turn to ask the issuer.
   *
   * @param mine whether it is
   * @param since the issuer's cursor until which all is known; null: nothing is
   * @param silence since when no replica has heard of the issuer; null: it never was
   */
  record Turn(boolean mine, @Nullable String since, @Nullable Duration silence) {}

  /**
   * @param pause how long ago the last replica must have asked
   */
  Turn takeTurn(Duration pause) {
    return database
        .sql(
            """
            select mine, since, extract(epoch from silence) as silence
            from rowlock.take_turn(make_interval(secs => :pause))
            """)
        .param("pause", seconds(pause))
        .query(
            (row, number) -> {
              double silence = row.getDouble("silence");
              boolean silenceIsNull = row.wasNull();
              return new Turn(
                  row.getBoolean("mine"),
                  row.getString("since"),
                  silenceIsNull ? null : Duration.ofMillis((long) (silence * 1000)));
            })
        .single();
  }

  /**
   * The issuer has answered.
   *
   * @param cursor until which all is in the ledger now; null when that is no more than before
   */
  void endTurn(@Nullable String cursor) {
    database
        .sql("select rowlock.end_turn(:cursor)")
        .param("cursor", cursor, Types.VARCHAR)
        .query((row, number) -> true)
        .single();
  }

  /**
   * Whether no statement would have worked, rather than this one: the database is away, full, or
   * going down.
   */
  static boolean isAway(RuntimeException failure) {
    if (!(failure instanceof DataAccessException access)) {
      return false;
    }
    String state =
        access.getMostSpecificCause() instanceof SQLException sql ? sql.getSQLState() : null;
    // classes 08 and 53, and operator intervention but for a statement that took too long
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P");
  }

  /** Takes away what no token can be old enough for; returns how many rows. */
  long prune() {
    Long rows =
        database
            .sql("select rowlock.prune_ledger(:most)")
            .param("most", PRUNE_AT_MOST)
            .query(Long.class)
            .single();
    return Objects.requireNonNull(rows);
  }

  /** Returns how long the rows of an account are kept that was removed in this way. */
  Duration retention(Change.Kind removal) {
    return removal == Change.Kind.ACCOUNT_PURGED_BY_USER
        ? erasure.retentionOfSelfDeleted()
        : erasure.retention();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  /**
   * An account whose rows are due for erasure.
   *
   * @param removedAt when the issuer removed it
   */
  record DueErasure(UUID account, OffsetDateTime removedAt) {}

  /** Returns accounts that are due; one whose erasure has just failed is left out for a while. */
  List<DueErasure> dueErasures(int limit) {
    return database
        .sql("select account, removed from rowlock.due_erasures(:limit)")
        .param("limit", limit)
        .query(
            (row, number) ->
                new DueErasure(
                    row.getObject("account", UUID.class),
                    row.getObject("removed", OffsetDateTime.class)))
        .list();
  }

  /**
   * Deletes the rows of an account that is due.
   *
   * @return the number of rows by table, as JSON; null if it was not due any more, or is in use
   */
  @Nullable String erase(UUID account) {
    return database
        .sql("select rowlock.erase_due(:account)")
        .param("account", account)
        .query((row, number) -> Optional.ofNullable(row.getString(1)))
        .single()
        .orElse(null);
  }

  /** Notes that the rows of an account could not be deleted. */
  void erasureFailed(UUID account) {
    database
        .sql("select rowlock.erasure_failed(:account)")
        .param("account", account)
        .query((row, number) -> true)
        .single();
  }

  /**
   * Gives an account its rows back, because the issuer says that it exists.
   *
   * @return false if it was removed again, or nothing was to be erased any more
   */
  boolean accountExists(DueErasure due) {
    return database
        .sql("select rowlock.account_exists(:account, :removedAt)")
        .param("account", due.account())
        .param("removedAt", due.removedAt())
        .query(Boolean.class)
        .single();
  }

  /**
   * Removed accounts whose rows are still there.
   *
   * @param pending how many
   * @param overdue for how long the oldest has been due; zero if none is
   */
  record Backlog(long pending, Duration overdue) {}

  Backlog erasureBacklog() {
    return database
        .sql(
            "select pending, extract(epoch from overdue) as overdue from rowlock.erasure_backlog()")
        .query(
            (row, number) ->
                new Backlog(
                    row.getLong("pending"),
                    Duration.ofMillis((long) (row.getDouble("overdue") * 1000))))
        .single();
  }
}
