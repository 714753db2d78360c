/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import rowlock.limit.FailureLog;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.IssuerUnavailableException;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;

/**
 * Starts, finds, refreshes and ends sessions.
 *
 * <p>Methods throw {@link SessionsUnavailableException} if the database is unavailable, unless
 * stated otherwise.
 */
@Component
public final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  /** Pause of requests that can wait after the issuer was unavailable. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * Minimum time between two checks of a session at the issuer. Together with the page's interval
   * of 30 s it stays below a minute.
   */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(20);

  private final SessionStore store;
  private final PendingLogouts pendingLogouts;
  private final AtomicReference<Instant> pausedUntil = new AtomicReference<>(Instant.MIN);
  private final SessionRefresh refresh;
  private final TokenEndpoint issuer;
  private final FailureLog failures;
  private final SessionMetrics metrics;
  private final Clock clock;

  Sessions(
      SessionDatabase database,
      Seal seal,
      TokenEndpoint issuer,
      FailureLog failures,
      SessionMetrics metrics,
      Clock clock) {
    this.store = new SessionStore(database.connections(), seal, failures);
    this.pendingLogouts = new PendingLogouts(database.sessions(), seal, issuer);
    this.refresh = new SessionRefresh(database, seal, issuer, failures, metrics);
    this.issuer = issuer;
    this.failures = failures;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Starts a session in this browser, always with a new secret, which prevents session fixation.
   *
   * @param issuerSession session id at the issuer ({@code sid})
   * @param remembered maximum duration of the session if the user chose to be remembered: the
   *     cookie then survives a restart of the browser; null if not
   */
  public void start(
      HttpServletRequest request,
      HttpServletResponse response,
      Identity identity,
      String issuerSession,
      Tokens tokens,
      @Nullable Duration remembered) {
    var secret = SessionSecret.generate();
    var old = SessionCookie.read(request);
    withDatabase(
        () -> {
          store.insert(secret, issuerSession, tokens, identity);
          if (old != null) {
            store.retire(old);
          }
          return secret;
        });
    metrics.begun();
    SessionCookie.write(response, secret, remembered);
  }

  /** Returns the state of the session that the request's cookie identifies. */
  public SessionState find(HttpServletRequest request) {
    var secret = SessionCookie.read(request);
    return secret == null
        ? new SessionState.Absent(EndReason.NONE)
        : withDatabase(() -> store.find(secret));
  }

  /** Returns the session with an access token that does not expire soon, refreshed if necessary. */
  public SessionState fresh(WebSession session) {
    var now = clock.instant();
    var valid = now.isBefore(session.tokens().expiresAt());
    if (now.isBefore(session.tokens().refreshAt()) || (valid && now.isBefore(pausedUntil.get()))) {
      return new SessionState.Live(session);
    }
    var refreshed = refresh.of(session);
    if (refreshed instanceof SessionState.Unknown) {
      pausedUntil.set(clock.instant().plus(PAUSE));
      // the issuer is unavailable: a valid token is used until it expires
      return valid ? new SessionState.Live(session) : refreshed;
    }
    return refreshed;
  }

  /**
   * Returns the state of the session after a check at the issuer. A back-channel logout may be
   * lost, and some ends cause none, so that the token is introspected as well: at most once in
   * {@link #CHECK_INTERVAL} for each session, for all requests and servers together. The answer
   * "inactive" is confirmed by a refresh. If the issuer is unavailable, the session is kept.
   */
  public SessionState checked(WebSession session) {
    if (clock.instant().isBefore(pausedUntil.get())
        || !withDatabase(() -> store.claimCheck(session.secret(), CHECK_INTERVAL))) {
      return new SessionState.Live(session);
    }
    boolean active;
    try {
      active = issuer.isActive(session.tokens());
    } catch (IssuerUnavailableException e) {
      failures.warn(log, "Session check failed; the session is kept", e.getMessage());
      pausedUntil.set(clock.instant().plus(PAUSE));
      return new SessionState.Live(session);
    }
    metrics.checked(active);
    if (active) {
      return new SessionState.Live(session);
    }
    var confirmed = refresh.of(session);
    return confirmed instanceof SessionState.Unknown ? new SessionState.Live(session) : confirmed;
  }

  /** Returns the session with newer tokens than these, whose access token the API rejected. */
  public SessionState renewed(WebSession session) {
    return refresh.of(session);
  }

  /**
   * Ends a session here and at the issuer. If the issuer is unavailable, its part is retried until
   * it answers.
   *
   * @return false if the logout at the issuer is pending
   */
  public boolean signOut(WebSession session) {
    var secret = session.secret();
    var tokens = session.tokens();
    boolean ended =
        withDatabase(() -> store.signOut(secret, tokens, pendingLogouts.seal(secret, tokens)));
    if (ended) {
      metrics.ended(EndReason.SIGNED_OUT, 1);
    }
    return !ended || pendingLogouts.send(secret.id(), tokens.refresh());
  }

  /**
   * Turns the cookie into one that ends with the browser. Until then it identifies the reason why
   * there is no session.
   */
  public void forgetWhenClosed(HttpServletRequest request, HttpServletResponse response) {
    var secret = SessionCookie.read(request);
    if (secret != null) {
      SessionCookie.write(response, secret, null);
    }
  }

  /**
   * Returns whether a logout of this browser is pending at the issuer, which could therefore sign
   * the user in silently. Returns true if the database is unavailable.
   */
  public boolean isLogoutPending(HttpServletRequest request) {
    var secret = SessionCookie.read(request);
    try {
      return secret != null && pendingLogouts.isPending(secret);
    } catch (DataAccessException e) {
      return true;
    }
  }

  /**
   * Ends the sessions of an issuer's session or of a user.
   *
   * @param issuerSession session id at the issuer, or null for all sessions of the user
   * @param subject subject of the user, or null for any
   * @param until without a session id, only sessions that were started until then are ended
   * @return number of ended sessions
   */
  public int endAll(@Nullable String issuerSession, @Nullable String subject, Instant until) {
    if (issuerSession == null && subject == null) {
      throw new IllegalArgumentException("neither session nor subject");
    }
    int ended = withDatabase(() -> store.endAll(issuerSession, subject, until, EndReason.ENDED));
    metrics.ended(EndReason.ENDED, ended);
    return ended;
  }

  SessionStore store() {
    return store;
  }

  PendingLogouts pendingLogouts() {
    return pendingLogouts;
  }

  static <T> T withDatabase(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessException | TransactionException e) {
      throw new SessionsUnavailableException(e);
    }
  }
}
