/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation.stock;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.ClientConnection;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.TokenManager.AccessTokenResponseBuilder;
import org.keycloak.protocol.oidc.refresh.DefaultRefreshTokenProvider;
import org.keycloak.protocol.oidc.refresh.InitialRefreshTokenContext;
import org.keycloak.protocol.oidc.refresh.RefreshTokenContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.RefreshToken;
import rowlock.keycloak.support.ListenerFailures;
import rowlock.keycloak.support.SessionLogout;

/**
 * Keycloak's own refresh with three openings: whether this request may present this token, whether
 * the token may be used, and what its successor looks like. Everything else (verification of the
 * token and of its key, the cluster's lock, session checks, issuing, events) stays the server's.
 *
 * <p>The one class that leans on internals of the refresh which change with the server's version;
 * {@code StockMethodsTest} says when they did.
 */
public abstract class StockRefresh extends DefaultRefreshTokenProvider {
  private static final String UNDER_WAY = StockRefresh.class.getName();

  private @Nullable EventBuilder event;
  private @Nullable RefreshRequest request;
  private @Nullable FamilyLock lock;

  /** For one request. */
  protected StockRefresh(KeycloakSession session) {
    super(session);
  }

  /** Whether this provider answers the request; if not, the server's own does. */
  protected abstract boolean isWanted();

  /**
   * Called before the server locks the family in the cluster.
   *
   * @param familyId of the presented token
   * @return called with the end of the request, when what it did is committed and the lock is free
   */
  protected abstract Runnable begin(String familyId);

  /**
   * Decides whether this request may present the token at all. Runs under the lock, when the token,
   * its client and its session have been found good, and before {@link #check}.
   *
   * @throws OAuthErrorException to refuse; nothing is ended, and the server reports {@code
   *     REFRESH_TOKEN_ERROR}
   */
  protected abstract void admit(
      RefreshToken presented, RefreshRequest request, AuthenticatedClientSessionModel clientSession)
      throws OAuthErrorException;

  /**
   * Decides whether the presented token may be used. Runs under the lock, when the token, its
   * client and its session have been found good.
   *
   * @param stock the server's own decision, which also records the use
   * @throws OAuthErrorException to refuse; the server then detaches the client session and reports
   *     {@code REFRESH_TOKEN_ERROR}
   */
  protected abstract void check(
      RefreshToken presented, AuthenticatedClientSessionModel clientSession, StockCheck stock)
      throws OAuthErrorException;

  /**
   * Called with the successor before it is signed: the last chance to replace or record it.
   *
   * @return the token that is issued
   */
  protected abstract RefreshToken issuing(
      RefreshToken successor, AuthenticatedClientSessionModel clientSession);

  /** The server's own decision on the presented token. */
  @FunctionalInterface
  public interface StockCheck {
    /** Records the use, or refuses. */
    void run() throws OAuthErrorException;
  }

  @Override
  public final boolean supports(InitialRefreshTokenContext context) {
    return session.getAttribute(UNDER_WAY) != null && super.supports(context);
  }

  @Override
  public final boolean supports(RefreshTokenContext context) {
    // without the realm's "Revoke Refresh Token" the server neither locks nor checks
    return context.grantContext().getRealm().isRevokeRefreshToken()
        && isWanted()
        && super.supports(context);
  }

  @Override
  public final AccessTokenResponseBuilder refreshAccessToken(RefreshTokenContext context)
      throws OAuthErrorException {
    var presented = context.oldRefreshToken();
    var withoutFamily = foundFamily(presented);
    event = context.grantContext().getEvent();
    request = RefreshRequest.of(session, context.grantContext());
    var end = begin(familyOf(presented));
    session.setAttribute(UNDER_WAY, this);
    try {
      lock(presented);
      return super.refreshAccessToken(
          new RefreshTokenContext(
              presented,
              context.grantContext(),
              context.grant(),
              new RotationTokenManager(this, withoutFamily),
              context.scopeParameter(),
              context.resourceParameter()));
    } finally {
      session.removeAttribute(UNDER_WAY);
      // after the server's own lock, which is enlisted by now
      releaseAfterCompletion(end);
    }
  }

  /**
   * Excludes refreshes of a token's family until this request is completed. A refresh that is in
   * progress is completed first; the next one finds what this request has changed. Without it, the
   * server writes the client session of a concurrent refresh after the removal of that session, and
   * its tokens outlive their revocation.
   *
   * @param token of a family, verified
   * @throws ClientErrorException with 429, if a refresh in progress takes too long
   */
  protected final void excludeRefreshes(RefreshToken token) {
    foundFamily(token);
    var end = begin(familyOf(token));
    try {
      lock(token);
    } finally {
      releaseAfterCompletion(end);
    }
  }

  /**
   * Gives a token without a family one of its own, which its successors carry on: tokens that were
   * issued while the realm did not rotate would all share one.
   *
   * @return whether it had none
   */
  private static boolean foundFamily(RefreshToken token) {
    return token.getOtherClaims().putIfAbsent(Constants.REUSE_ID, token.getId()) == null;
  }

  private void lock(RefreshToken token) {
    lock = FamilyLock.of(session, token.getSessionId(), familyOf(token));
    if (lock != null) {
      lock.take();
    }
  }

  private void releaseAfterCompletion(Runnable end) {
    session.getTransactionManager().enlistAfterCompletion(new AfterCompletion(() -> release(end)));
  }

  @Override
  protected final TokenManager.TokenValidation validateToken(
      KeycloakSession session,
      UriInfo uriInfo,
      ClientConnection connection,
      RealmModel realm,
      RefreshToken presented,
      HttpHeaders headers,
      String scope,
      ClientModel client,
      TokenManager tokenManager,
      EventBuilder event)
      throws OAuthErrorException {
    var validation =
        super.validateToken(
            session,
            uriInfo,
            connection,
            realm,
            presented,
            headers,
            scope,
            client,
            tokenManager,
            event);
    // not with the reuse, whose refusal detaches the client session
    admit(presented, request(), validation.clientSessionCtx.getClientSession());
    return validation;
  }

  private RefreshRequest request() {
    if (request == null) {
      throw new IllegalStateException("There is no refresh under way");
    }
    return request;
  }

  private void release(Runnable end) {
    var held = lock;
    if (held != null) {
      // it ends by itself; the tokens are issued and must reach the client
      ListenerFailures.contain("refresh-lock", "release", held::release);
    }
    end.run();
  }

  @Override
  public final RefreshToken generateRefreshToken(InitialRefreshTokenContext context) {
    var successor = super.generateRefreshToken(context);
    // the server asks for a provider again, and need not get the same instance
    var underWay = session.getAttribute(UNDER_WAY, StockRefresh.class);
    return underWay == null
        ? successor
        : underWay.issuing(successor, context.clientSessionCtx().getClientSession());
  }

  /** The family of a token: all that descends from one login of one client, in one tab, say. */
  protected static String familyOf(RefreshToken token) {
    return String.valueOf(token.getOtherClaims().get(Constants.REUSE_ID));
  }

  /** The event of this request. */
  protected final EventBuilder event() {
    if (event == null) {
      throw new IllegalStateException("There is no refresh under way");
    }
    return event;
  }

  /** Ends a session of the user, or an offline session, and tells all its clients. */
  protected final void end(UserSessionModel userSession) {
    SessionLogout.end(session, userSession);
  }

  /** Tells the client that its session ended. The server ends it itself after a refusal. */
  protected final void tell(
      RealmModel realm,
      UserSessionModel userSession,
      AuthenticatedClientSessionModel clientSession) {
    var protocol = session.getProvider(LoginProtocol.class, clientSession.getProtocol());
    protocol
        .setRealm(realm)
        .setHttpHeaders(session.getContext().getHttpRequest().getHttpHeaders())
        .setUriInfo(session.getContext().getUri());
    protocol.backchannelLogout(userSession, clientSession);
  }

  private static final class RotationTokenManager extends TokenManager {
    private final StockRefresh refresh;
    private final boolean withoutFamily;

    RotationTokenManager(StockRefresh refresh, boolean withoutFamily) {
      this.refresh = refresh;
      this.withoutFamily = withoutFamily;
    }

    @Override
    public void validateTokenReuse(
        KeycloakSession session,
        RealmModel realm,
        AccessToken token,
        AuthenticatedClientSessionModel clientSession,
        boolean refreshFlag)
        throws OAuthErrorException {
      refresh.check(
          (RefreshToken) token,
          clientSession,
          () -> {
            if (withoutFamily) {
              refuseIfUsedWithoutFamily(session, realm, token, clientSession);
            }
            super.validateTokenReuse(session, realm, token, clientSession, refreshFlag);
          });
    }

    /** What the server knows of the token from the time before it had a family. */
    private void refuseIfUsedWithoutFamily(
        KeycloakSession session,
        RealmModel realm,
        AccessToken token,
        AuthenticatedClientSessionModel clientSession)
        throws OAuthErrorException {
      var family = token.getOtherClaims().remove(Constants.REUSE_ID);
      try {
        super.validateTokenReuse(session, realm, token, clientSession, false);
      } finally {
        token.getOtherClaims().put(Constants.REUSE_ID, family);
      }
    }
  }
}
