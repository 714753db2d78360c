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
 * The revocation ledger in the database, which {@code rowlock.enter} checks with each statement on
 * every replica. Each operation calls one function, in a transaction that is committed when it
 * returns.
 */
final class Ledger {
  /** Maximum number of rows that one call deletes from each table. */
  private static final int MAX_PRUNED_ROWS = 10_000;

  private final JdbcClient database;
  private final Duration keep;
  private final ErasureSettings erasure;

  /**
   * @param keep the time for which an issued token may be valid, including clock skew
   * @param erasure how long rows of removed accounts are kept
   */
  Ledger(JdbcClient database, Duration keep, ErasureSettings erasure) {
    this.database = database;
    this.keep = keep;
    this.erasure = erasure;
  }

  /**
   * Applies an event. Idempotent, and independent of the order of events.
   *
   * @return false if it was applied before
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
   * The result of a request for the polling turn.
   *
   * @param mine whether this replica polls now
   * @param since the cursor up to which all events are in the ledger; null: none are
   * @param silence the time since any replica received an event or a response of the issuer; null:
   *     none yet
   */
  record Turn(boolean mine, @Nullable String since, @Nullable Duration silence) {}

  /**
   * Requests the polling turn.
   *
   * @param pause the minimum time since the last poll of any replica
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
              var silence = row.getDouble("silence");
              var silenceIsNull = row.wasNull();
              return new Turn(
                  row.getBoolean("mine"),
                  row.getString("since"),
                  silenceIsNull ? null : Duration.ofMillis((long) (silence * 1000)));
            })
        .single();
  }

  /**
   * Records a response of the issuer.
   *
   * @param cursor up to which all events are in the ledger; null if it is unchanged
   */
  void endTurn(@Nullable String cursor) {
    database
        .sql("select rowlock.end_turn(:cursor)")
        .param("cursor", cursor, Types.VARCHAR)
        .query((row, number) -> true)
        .single();
  }

  /**
   * Returns whether the failure concerns the database and not this statement: it is unreachable,
   * full, or shutting down.
   */
  static boolean isUnavailable(RuntimeException failure) {
    if (!(failure instanceof DataAccessException access)) {
      return false;
    }
    String state =
        access.getMostSpecificCause() instanceof SQLException sql ? sql.getSQLState() : null;
    // classes 08 and 53, and operator intervention except for a statement timeout
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P");
  }

  /** Deletes rows that no valid token can match; returns their number. */
  long prune() {
    var rows =
        database
            .sql("select rowlock.prune_ledger(:most)")
            .param("most", MAX_PRUNED_ROWS)
            .query(Long.class)
            .single();
    return Objects.requireNonNull(rows);
  }

  /** Returns the retention period for an account that was removed in this way. */
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

  /** Returns accounts that are due. Leaves out those whose erasure failed recently. */
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
   * @return the number of rows by table, as JSON; null if it was no longer due, or is in use
   */
  @Nullable String erase(UUID account) {
    return database
        .sql("select rowlock.erase_due(:account)")
        .param("account", account)
        .query((row, number) -> Optional.ofNullable(row.getString(1)))
        .single()
        .orElse(null);
  }

  /** Records that the erasure of an account failed. */
  void erasureFailed(UUID account) {
    database
        .sql("select rowlock.erasure_failed(:account)")
        .param("account", account)
        .query((row, number) -> true)
        .single();
  }

  /**
   * Restores the rows of an account, because it exists at the issuer.
   *
   * @return false if it was removed again, or no erasure was pending
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
   * Removed accounts whose rows are not yet erased.
   *
   * @param pending their number
   * @param overdue the time since the oldest became due; zero if none is
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
