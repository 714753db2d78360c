/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * Begins, finds, refreshes and ends sessions.
 *
 * <p>Every method throws {@link SessionsUnavailableException} when the database is away, unless it
 * says otherwise.
 */
@Component
public final class Sessions {

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  /** For so long an issuer that was away is not asked for what can wait. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * Between two checks of a session at the issuer. Together with the interval at which a page asks,
   * 30 seconds, this stays below a minute.
   */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(20);

  private final SessionStore store;
  private final PendingEndings endings;
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
    this.store = new SessionStore(database.sessions(), seal, failures);
    this.endings = new PendingEndings(database.sessions(), seal, issuer);
    this.refresh = new SessionRefresh(database, seal, issuer, failures, metrics);
    this.issuer = issuer;
    this.failures = failures;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Begins a session in this browser, always under a new secret: one that somebody else may have
   * put there is worth nothing afterwards.
   *
   * @param remembered how long the session lasts at most if the user chose to be remembered; the
   *     cookie then survives a restart of the browser. Otherwise null
   */
  public void begin(
      HttpServletRequest request,
      HttpServletResponse response,
      Identity identity,
      String issuerSession,
      Tokens tokens,
      @Nullable Duration remembered) {
    SessionSecret secret = SessionSecret.generate();
    Optional<SessionSecret> old = SessionCookie.read(request);
    reach(
        () -> {
          store.insert(secret, issuerSession, tokens, identity);
          old.ifPresent(store::retire);
          return secret;
        });
    metrics.begun();
    SessionCookie.write(response, secret, remembered);
  }

  /** What the browser's cookie stands for. */
  public SessionState find(HttpServletRequest request) {
    return SessionCookie.read(request)
        .map(secret -> reach(() -> store.find(secret)))
        .orElse(new SessionState.Gone(EndReason.NONE));
  }

  /** The session with an access token that is good for a while, refreshed if need be. */
  public SessionState fresh(WebSession session) {
    Instant now = clock.instant();
    boolean good = now.isBefore(session.tokens().expiresAt());
    if (now.isBefore(session.tokens().refreshAt()) || (good && now.isBefore(pausedUntil.get()))) {
      return new SessionState.Live(session);
    }
    SessionState refreshed = refresh.of(session);
    if (refreshed instanceof SessionState.Unknown) {
      pausedUntil.set(clock.instant().plus(PAUSE));
      // Keycloak is away: what is still good is used to its end.
      return good ? new SessionState.Live(session) : refreshed;
    }
    return refreshed;
  }

  /**
   * The session, unless the issuer has ended it. A back-channel logout may be lost, and some ends
   * have none: the issuer is asked as well, at most once in {@link #CHECK_INTERVAL} for a session,
   * whatever the number of requests and servers. The answer "inactive" is confirmed by a refresh.
   * When the issuer is unavailable the session is kept.
   */
  public SessionState checked(WebSession session) {
    if (clock.instant().isBefore(pausedUntil.get())
        || !reach(() -> store.claimCheck(session.secret(), CHECK_INTERVAL))) {
      return new SessionState.Live(session);
    }
    boolean active;
    try {
      active = issuer.isActive(session.tokens());
    } catch (IssuerUnavailableException unavailable) {
      failures.warn(
          log, "A session was not checked at the issuer and is kept", unavailable.getMessage());
      pausedUntil.set(clock.instant().plus(PAUSE));
      return new SessionState.Live(session);
    }
    metrics.checked(active);
    if (active) {
      return new SessionState.Live(session);
    }
    SessionState confirmed = refresh.of(session);
    return confirmed instanceof SessionState.Unknown ? new SessionState.Live(session) : confirmed;
  }

  /** The session with another access token than this one, which the API has refused. */
  public SessionState renewed(WebSession session) {
    return refresh.of(session);
  }

  /**
   * Ends a session here, and at the issuer. What the issuer has not heard it is told again, until
   * it answers.
   *
   * @return false when the issuer has not heard it yet
   */
  public boolean signOut(WebSession session) {
    SessionSecret secret = session.secret();
    Tokens tokens = session.tokens();
    boolean ended = reach(() -> store.signOut(secret, tokens, endings.seal(secret, tokens)));
    if (ended) {
      metrics.ended(EndReason.SIGNED_OUT, 1);
    }
    return !ended || endings.tell(secret.id(), tokens.refresh());
  }

  /**
   * Lets the browser forget its cookie when it is closed, however long it was to be remembered.
   * Until then it leads to the reason why there is no session.
   */
  public void forgetWhenClosed(HttpServletRequest request, HttpServletResponse response) {
    SessionCookie.read(request).ifPresent(secret -> SessionCookie.write(response, secret, null));
  }

  /**
   * Whether this browser has signed out and the issuer has not heard of it, so that it might let
   * somebody in without asking who they are. Yes, too, when that cannot be told.
   */
  public boolean isUnheard(HttpServletRequest request) {
    try {
      return SessionCookie.read(request).map(endings::waits).orElse(false);
    } catch (DataAccessException away) {
      return true;
    }
  }

  /**
   * Ends what an issuer's session, or a person, has here.
   *
   * @param issuerSession the issuer's name of the session, or null for all of the person
   * @param subject the person, or null when the session says it
   * @param until of a person only sessions that began until then
   * @return how many sessions ended
   */
  public int endAll(@Nullable String issuerSession, @Nullable String subject, Instant until) {
    if (issuerSession == null && subject == null) {
      throw new IllegalArgumentException("neither session nor person");
    }
    int ended = reach(() -> store.endAll(issuerSession, subject, until, EndReason.ENDED));
    metrics.ended(EndReason.ENDED, ended);
    return ended;
  }

  SessionStore store() {
    return store;
  }

  PendingEndings endings() {
    return endings;
  }

  static <T> T reach(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessException | TransactionException away) {
      throw new SessionsUnavailableException(away);
    }
  }
}
