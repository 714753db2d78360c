/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What has been cut off, in the database, where every replica asks with each statement. Each
 * operation is one call of a function, and one transaction that is committed when it returns.
 */
final class Ledger {

  /** Rows that one call takes away of each table at most. */
  private static final int PRUNE_AT_MOST = 10_000;

  private final JdbcClient database;
  private final Duration keep;

  /**
   * @param keep how long a token can be used after it was issued, clocks that differ included
   */
  Ledger(JdbcClient database, Duration keep) {
    this.database = database;
    this.keep = keep;
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
            select api.apply_event(:id, :kind, :session, :client, cast(:account as uuid), :happenedAt,
                                   make_interval(secs => :keep))
            """)
        .param("id", id)
        .param("kind", change.kind().code())
        .param("session", change.session(), Types.VARCHAR)
        .param("client", change.client(), Types.VARCHAR)
        .param("account", change.account(), Types.OTHER)
        .param("happenedAt", OffsetDateTime.ofInstant(happenedAt, ZoneOffset.UTC))
        .param("keep", (double) keep.toSeconds())
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
            from api.take_turn(make_interval(secs => :pause))
            """)
        .param("pause", pause.toMillis() / 1000.0)
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
        .sql("select api.end_turn(:cursor)")
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
            .sql("select api.prune_ledger(:most)")
            .param("most", PRUNE_AT_MOST)
            .query(Long.class)
            .single();
    return Objects.requireNonNull(rows);
  }
}
