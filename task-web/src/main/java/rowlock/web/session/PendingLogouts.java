/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;

/**
 * Logouts that the issuer has not confirmed yet. A row contains the refresh token that ends the
 * issuer's session. It is sealed with the server's key alone, because the browser's secret is not
 * available any more, and deleted as soon as the issuer has answered.
 */
final class PendingLogouts {
  private static final Logger log = LoggerFactory.getLogger(PendingLogouts.class);
  private static final String PURPOSE = "session to end";
  private static final byte[] NO_SECRET = new byte[32];

  private final JdbcClient sql;
  private final Seal seal;
  private final TokenEndpoint issuer;

  PendingLogouts(JdbcClient sql, Seal seal, TokenEndpoint issuer) {
    this.sql = sql;
    this.seal = seal;
    this.issuer = issuer;
  }

  /** Returns the sealed refresh token, bound to the session's row. */
  byte[] seal(SessionSecret secret, Tokens tokens) {
    var token = tokens.refresh().getBytes(StandardCharsets.UTF_8);
    return seal.seal(PURPOSE, NO_SECRET, secret.id(), token);
  }

  /** Returns whether the logout of this browser's session is pending. */
  boolean isPending(SessionSecret secret) {
    return sql.sql("select exists (select from web.ending where id = :id)")
        .param("id", secret.id())
        .query(Boolean.class)
        .single();
  }

  /**
   * Ends the issuer's session and deletes the row.
   *
   * @return false if the issuer is unavailable
   */
  boolean send(byte[] id, String refreshToken) {
    if (!issuer.endSession(refreshToken)) {
      return false;
    }
    try {
      delete(id);
    } catch (DataAccessException e) {
      // the logout is sent again, which is idempotent
      log.debug("Pending logout was not deleted; it is sent again", e);
    }
    return true;
  }

  /** Sends pending logouts to the issuer; stops at the first that fails. */
  void retryAll() {
    sql.sql("delete from web.ending where expires_at < now()").update();
    for (var row : due()) {
      var token = seal.open(PURPOSE, NO_SECRET, row.id(), row.sealed());
      if (token == null) {
        log.warn(
            "Pending logout discarded: its key is not in ROWLOCK_WEB_SESSION_KEY any more, or the"
                + " row was changed; the session at the issuer ends when it expires");
        delete(row.id());
      } else if (!send(row.id(), new String(token, StandardCharsets.UTF_8))) {
        // moved to the end of the queue, so that it does not block the others
        sql.sql("update web.ending set tried_at = now() where id = :id")
            .param("id", row.id())
            .update();
        return;
      }
    }
  }

  /** Returns rows that no request is sending at the moment. */
  private List<Row> due() {
    return sql.sql(
            """
            select id, sealed from web.ending where tried_at < now() - interval '5 seconds'
            order by tried_at limit 100""")
        .query((row, number) -> new Row(row.getBytes("id"), row.getBytes("sealed")))
        .list();
  }

  private void delete(byte[] id) {
    sql.sql("delete from web.ending where id = :id").param("id", id, Types.BINARY).update();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Row(byte[] id, byte[] sealed) {}
}
