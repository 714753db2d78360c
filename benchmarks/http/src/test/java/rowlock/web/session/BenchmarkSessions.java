/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import rowlock.limit.FailureLog;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.BenchmarkSeal;

/** Inserts sessions of task-web into its database, as a login does. */
public final class BenchmarkSessions {
  private static final Duration LIFE = Duration.ofMinutes(30);

  private final SessionStore store;

  /**
   * @param key AES-256 key of task-web
   */
  public BenchmarkSessions(DataSource database, byte[] key) {
    this.store =
        new SessionStore(database, BenchmarkSeal.of(key), new FailureLog(System::nanoTime));
  }

  /**
   * Contains what a browser sends.
   *
   * @param cookie header {@code Cookie}
   * @param csrf header {@code X-CSRF-Token}
   */
  public record Browser(String cookie, String csrf) {}

  /**
   * Inserts a session.
   *
   * @param accessToken access token of the user
   * @param lifetime its lifetime from now on; it is refreshed 30 s earlier
   */
  public Browser insert(UUID user, String accessToken, Duration lifetime) {
    var secret = SessionSecret.generate();
    var expiresAt = Instant.now().plus(lifetime);
    store.insert(
        secret,
        UUID.randomUUID().toString(),
        // a refresh token of Keycloak is about as long as an access token
        new Tokens(accessToken, expiresAt.minusSeconds(30), expiresAt, accessToken, LIFE),
        new Identity(user.toString(), "Ann Rower", "ann@example.org", null, null));
    return new Browser(SessionCookie.NAME + "=" + secret.cookie(), secret.csrf());
  }
}
