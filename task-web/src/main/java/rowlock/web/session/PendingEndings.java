/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;

/**
 * Sessions that people have signed out of while the issuer did not hear it. A row keeps the refresh
 * token that ends the issuer's session, sealed with this server's key alone, because nobody's
 * browser is there any more; it is gone as soon as the issuer has answered.
 */
final class PendingEndings {

  private static final Logger log = LoggerFactory.getLogger(PendingEndings.class);
  private static final String PURPOSE = "session to end";
  private static final byte[] NO_SECRET = new byte[32];

  private final JdbcClient sql;
  private final Seal seal;
  private final TokenEndpoint issuer;

  PendingEndings(JdbcClient sql, Seal seal, TokenEndpoint issuer) {
    this.sql = sql;
    this.seal = seal;
    this.issuer = issuer;
  }

  /** What a row keeps: the token that ends the session, bound to the session's row. */
  byte[] seal(SessionSecret secret, Tokens tokens) {
    byte[] token = tokens.refresh().getBytes(StandardCharsets.UTF_8);
    return seal.seal(PURPOSE, NO_SECRET, secret.id(), token);
  }

  /** Whether the issuer has not heard yet of the end of this browser's session. */
  boolean waits(SessionSecret secret) {
    return sql.sql("select exists (select from web.ending where id = :id)")
        .param("id", secret.id())
        .query(Boolean.class)
        .single();
  }

  /** Ends the issuer's session, and forgets the row. @return false when it has to wait */
  boolean tell(byte[] id, String refreshToken) {
    if (!issuer.endSession(refreshToken)) {
      return false;
    }
    try {
      forget(id);
    } catch (DataAccessException away) {
      log.debug("An ending is told twice", away); // which does no harm
    }
    return true;
  }

  /** Tells the issuer what it has not heard yet, up to the first that it does not hear again. */
  void workOff() {
    sql.sql("delete from web.ending where expires_at < now()").update();
    for (Row row : due()) {
      Optional<byte[]> token = seal.open(PURPOSE, NO_SECRET, row.id(), row.sealed());
      if (token.isEmpty()) {
        log.warn(
            "A session cannot be ended at the issuer: its key was taken away from"
                + " ROWLOCK_WEB_SESSION_KEY, or the row was changed");
        forget(row.id());
      } else if (!tell(row.id(), new String(token.get(), StandardCharsets.UTF_8))) {
        // to the end of the line, so that none holds up the others
        sql.sql("update web.ending set tried_at = now() where id = :id")
            .param("id", row.id())
            .update();
        return;
      }
    }
  }

  /** Those that no request is just trying to end. */
  private List<Row> due() {
    return sql.sql(
            """
            select id, sealed from web.ending where tried_at < now() - interval '5 seconds'
            order by tried_at limit 100""")
        .query((row, number) -> new Row(row.getBytes("id"), row.getBytes("sealed")))
        .list();
  }

  private void forget(byte[] id) {
    sql.sql("delete from web.ending where id = :id").param("id", id, Types.BINARY).update();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Row(byte[] id, byte[] sealed) {}
}
