/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.limit.FailureLog;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;

/** The rows of the sessions. Times are the database's, so that servers need not agree on one. */
final class SessionStore {

  private static final Logger log = LoggerFactory.getLogger(SessionStore.class);

  private static final double REST_SECONDS = 60;

  private final JdbcClient sql;
  private final Seal seal;
  private final FailureLog failures;

  SessionStore(JdbcClient sql, Seal seal, FailureLog failures) {
    this.failures = failures;
    this.sql = sql;
    this.seal = seal;
  }

  /** What is known of a session. */
  SessionState find(SessionSecret secret) {
    Optional<Row> found =
        sql.sql(
                """
                select issuer_session, generation, expires_at, sealed, ended,
                       expires_at <= now() as expired
                from web.session where id = :id""")
            .param("id", secret.id())
            .query(
                (row, number) ->
                    new Row(
                        row.getString("issuer_session"),
                        row.getInt("generation"),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        row.getBytes("sealed"),
                        row.getString("ended"),
                        row.getBoolean("expired")))
            .optional();
    return found.map(row -> state(secret, row)).orElse(new SessionState.Gone(EndReason.EXPIRED));
  }

  private SessionState state(SessionSecret secret, Row row) {
    if (row.ended() != null) {
      return new SessionState.Gone(EndReason.of(row.ended()));
    }
    if (row.expired() || row.sealed() == null) {
      return new SessionState.Gone(EndReason.EXPIRED);
    }
    Optional<SealedSession> content = SealedSession.open(seal, secret, row.sealed());
    if (content.isEmpty()) {
      failures.warn(
          log,
          "The tokens of a session cannot be opened: its key was taken away from"
              + " ROWLOCK_WEB_SESSION_KEY, or the row was changed. The person has to sign in again",
          null);
      return new SessionState.Gone(EndReason.EXPIRED);
    }
    return new SessionState.Live(
        new WebSession(
            secret,
            content.get().identity(),
            row.issuerSession(),
            row.generation(),
            content.get().tokens(),
            row.expiresAt()));
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

  /** Replaces the tokens. @return false when the session has ended or been refreshed meanwhile */
  boolean replace(WebSession old, Tokens tokens, Identity identity) {
    return sql.sql(
                """
                update web.session
                set sealed = :sealed, generation = generation + 1, checked_at = now(),
                    expires_at = least(now() + make_interval(secs => :life),
                                       retired_at + make_interval(secs => :rest))
                where id = :id and generation = :generation and ended is null""")
            .param("id", old.secret().id())
            .param("generation", old.generation())
            .param("life", seconds(tokens))
            .param("rest", REST_SECONDS)
            .param(
                "sealed", SealedSession.of(tokens, identity).seal(seal, old.secret()), Types.BINARY)
            .update()
        > 0;
  }

  /**
   * Claims a check of a session at the issuer: one for all servers and requests, until the interval
   * has passed again. Its beginning and each refresh count as checks.
   *
   * @return whether it is due, and the caller has to make it
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

  /** Ends a session and forgets its tokens. @return whether it was there */
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

  /** Ends a session, and notes in the same step that the issuer has to hear of it. */
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
   * Lets a session end soon, refreshed or not: a newer one has taken its place in the browser, and
   * only what other tabs have under way with it is still answered.
   */
  void retire(SessionSecret secret) {
    sql.sql(
            """
            update web.session
            set retired_at = now(),
                expires_at = least(expires_at, now() + make_interval(secs => :rest))
            where id = :id and retired_at is null""")
        .param("id", secret.id())
        .param("rest", REST_SECONDS)
        .update();
  }

  /**
   * Ends the sessions of an issuer's session, or of a person as long as they are not younger than
   * the order to do so.
   *
   * @return how many
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

  /** Keeps other servers, and other threads, from refreshing this session until the commit. */
  void lock(SessionSecret secret) {
    sql.sql("select pg_advisory_xact_lock(:key)")
        .param("key", java.nio.ByteBuffer.wrap(secret.id()).getLong())
        .query((row, number) -> true)
        .single();
  }

  /** Deletes some of the rows that nobody can ask for any more. @return how many */
  int sweep() {
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
  private record Row(
      String issuerSession,
      int generation,
      Instant expiresAt,
      byte @Nullable [] sealed,
      @Nullable String ended,
      boolean expired) {}
}
