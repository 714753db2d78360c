/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import rowlock.limit.FailureLog;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;

/** Stores sessions. Times are those of the database, so that clocks of servers need not agree. */
final class SessionStore {
  private static final Logger log = LoggerFactory.getLogger(SessionStore.class);

  private static final double RETIRED_SECONDS = 60;

  private static final SQLExceptionTranslator ERRORS = new SQLExceptionSubclassTranslator();

  /** Each takes some kilobytes. */
  private static final int MAX_OPENED = 2_000;

  /** Tokens stay decrypted in memory no longer than an access token usually lives. */
  private static final Duration OPENED_LIFE = Duration.ofMinutes(5);

  /** Runs for each request: the parameter and the columns have positions instead of names. */
  private static final String FIND =
      """
      select issuer_session, generation, expires_at, sealed, ended, expires_at <= now()
      from web.session where id = ?""";

  /**
   * Content that was decrypted before, by the secret of the browser. It is used only if the row
   * still has the same encrypted content, so the database decides with each request.
   */
  private final Cache<String, Opened> opened =
      Caffeine.newBuilder().maximumSize(MAX_OPENED).expireAfterWrite(OPENED_LIFE).build();

  private final DataSource connections;
  private final JdbcClient sql;
  private final Seal seal;
  private final FailureLog failures;

  SessionStore(DataSource connections, Seal seal, FailureLog failures) {
    this.failures = failures;
    this.connections = connections;
    this.sql = JdbcClient.create(connections);
    this.seal = seal;
  }

  /** Returns the state of a session. */
  SessionState find(SessionSecret secret) {
    var row = row(secret);
    var state = row == null ? new SessionState.Absent(EndReason.EXPIRED) : state(secret, row);
    if (!(state instanceof SessionState.Live)) {
      opened.invalidate(secret.cookie());
    }
    return state;
  }

  /** Uses the connection of the transaction, if there is one, and JDBC itself, as it costs less. */
  private @Nullable Row row(SessionSecret secret) {
    var connection = DataSourceUtils.getConnection(connections);
    try (var statement = connection.prepareStatement(FIND)) {
      statement.setBytes(1, secret.id());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? new Row(
                rows.getString(1),
                rows.getInt(2),
                rows.getObject(3, OffsetDateTime.class).toInstant(),
                rows.getBytes(4),
                rows.getString(5),
                rows.getBoolean(6))
            : null;
      }
    } catch (SQLException e) {
      var translated = ERRORS.translate("find session", FIND, e);
      throw translated == null
          ? new UncategorizedSQLException("find session", FIND, e)
          : translated;
    } finally {
      DataSourceUtils.releaseConnection(connection, connections);
    }
  }

  private SessionState state(SessionSecret secret, Row row) {
    if (row.ended() != null) {
      return new SessionState.Absent(EndReason.of(row.ended()));
    }
    if (row.expired() || row.sealed() == null) {
      return new SessionState.Absent(EndReason.EXPIRED);
    }
    var content = open(secret, row.sealed());
    if (content == null) {
      failures.warn(
          log,
          "Session cannot be decrypted: its key is not in ROWLOCK_WEB_SESSION_KEY any more, or the"
              + " row was changed; the user has to sign in again",
          null);
      return new SessionState.Absent(EndReason.EXPIRED);
    }
    return new SessionState.Live(
        new WebSession(
            secret,
            content.identity(),
            row.issuerSession(),
            row.generation(),
            content.tokens(),
            row.expiresAt()));
  }

  private @Nullable Opened open(SessionSecret secret, byte[] sealed) {
    var known = opened.getIfPresent(secret.cookie());
    if (known != null && Arrays.equals(known.sealed(), sealed)) {
      return known;
    }
    var content = SealedSession.open(seal, secret, sealed);
    if (content == null) {
      return null;
    }
    var fresh = new Opened(sealed, content.tokens(), content.identity());
    opened.put(secret.cookie(), fresh);
    return fresh;
  }

  void insert(SessionSecret secret, String issuerSession, Tokens tokens, Identity identity) {
    sql.sql(
            """
            insert into web.session (id, subject, issuer_session, expires_at, sealed)
            values (:id, :subject, :issuerSession, now() + make_interval(secs => :life), :sealed)""")
        .param("id", secret.id())
        .param("subject", identity.subject())
        .param("issuerSession", issuerSession)
        .param("life", seconds(tokens))
        .param("sealed", SealedSession.of(tokens, identity).seal(seal, secret), Types.BINARY)
        .update();
  }

  /**
   * Replaces the tokens.
   *
   * @return false if the session has ended or was refreshed in the meantime
   */
  boolean replace(WebSession old, Tokens tokens, Identity identity) {
    return sql.sql(
                """
                update web.session
                set sealed = :sealed, generation = generation + 1, checked_at = now(),
                    expires_at = least(now() + make_interval(secs => :life),
                                       retired_at + make_interval(secs => :retired))
                where id = :id and generation = :generation and ended is null""")
            .param("id", old.secret().id())
            .param("generation", old.generation())
            .param("life", seconds(tokens))
            .param("retired", RETIRED_SECONDS)
            .param(
                "sealed", SealedSession.of(tokens, identity).seal(seal, old.secret()), Types.BINARY)
            .update()
        > 0;
  }

  /**
   * Claims the check of a session at the issuer, so that only one request of all servers performs
   * it in each interval. The login and each refresh count as checks.
   *
   * @return whether the check is due and the caller has to perform it
   */
  boolean claimCheck(SessionSecret secret, Duration interval) {
    return sql.sql(
                """
                update web.session set checked_at = now()
                where id = :id and ended is null
                  and checked_at <= now() - make_interval(secs => :interval)""")
            .param("id", secret.id())
            .param("interval", (double) interval.toSeconds())
            .update()
        > 0;
  }

  /**
   * Ends a session and deletes its tokens.
   *
   * @return whether the session was live
   */
  boolean end(SessionSecret secret, EndReason reason) {
    return sql.sql(
                """
                update web.session set ended = :reason, sealed = null
                where id = :id and ended is null""")
            .param("id", secret.id())
            .param("reason", reason.code())
            .update()
        > 0;
  }

  /** Ends a session and adds a pending logout in one statement. */
  boolean signOut(SessionSecret secret, Tokens tokens, byte[] sealed) {
    return sql.sql(
                """
                with ended as (
                  update web.session set ended = 'signed-out', sealed = null
                  where id = :id and ended is null returning id)
                insert into web.ending (id, expires_at, sealed)
                select id, now() + make_interval(secs => :life), :sealed from ended""")
            .param("id", secret.id())
            .param("life", seconds(tokens))
            .param("sealed", sealed, Types.BINARY)
            .update()
        > 0;
  }

  /**
   * Limits a session that a newer one has replaced in the browser to a short time, which no refresh
   * extends. Running requests of other tabs are still answered.
   */
  void retire(SessionSecret secret) {
    sql.sql(
            """
            update web.session
            set retired_at = now(),
                expires_at = least(expires_at, now() + make_interval(secs => :retired))
            where id = :id and retired_at is null""")
        .param("id", secret.id())
        .param("retired", RETIRED_SECONDS)
        .update();
  }

  /**
   * Ends the sessions of an issuer's session, or all sessions of a user that were started before
   * the given time.
   *
   * @return number of ended sessions
   */
  int endAll(
      @Nullable String issuerSession, @Nullable String subject, Instant until, EndReason reason) {
    return sql.sql(
            """
            update web.session set ended = :reason, sealed = null
            where ended is null
              and (:issuerSession::text is null or issuer_session = :issuerSession)
              and (:subject::text is null or subject = :subject)
              and (:issuerSession::text is not null
                   or started_at <= to_timestamp(:until) + interval '1 second')""")
        .param("reason", reason.code())
        .param("issuerSession", issuerSession, Types.VARCHAR)
        .param("subject", subject, Types.VARCHAR)
        .param("until", until.getEpochSecond())
        .update();
  }

  /**
   * Takes an advisory lock until the commit, so that only one transaction refreshes the session.
   */
  void lock(SessionSecret secret) {
    sql.sql("select pg_advisory_xact_lock(:key)")
        .param("key", java.nio.ByteBuffer.wrap(secret.id()).getLong())
        .query((row, number) -> true)
        .single();
  }

  /**
   * Deletes up to 1,000 rows that expired more than a day ago.
   *
   * @return number of deleted rows
   */
  int deleteExpired() {
    return sql.sql(
            """
            delete from web.session where id = any (array(
              select id from web.session where expires_at < now() - interval '1 day'
              limit 1000 for update skip locked))""")
        .update();
  }

  long count() {
    return sql.sql("select count(*) from web.session where ended is null and expires_at > now()")
        .query(Long.class)
        .single();
  }

  private static double seconds(Tokens tokens) {
    return tokens.life().toSeconds();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Opened(byte[] sealed, Tokens tokens, Identity identity) {
    /** Omits the tokens. */
    @Override
    public String toString() {
      return "Opened";
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Row(
      String issuerSession,
      int generation,
      Instant expiresAt,
      byte @Nullable [] sealed,
      @Nullable String ended,
      boolean expired) {}
}
