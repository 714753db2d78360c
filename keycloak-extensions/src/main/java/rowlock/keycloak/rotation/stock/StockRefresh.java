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
 * Keycloak's own refresh with three extension points: whether this request may present this token,
 * whether the token may be used, and the content of its successor. Everything else (verification of
 * the token and of its key, the cluster-wide lock, session checks, issuing, events) remains the
 * server's.
 *
 * <p>The only class that depends on internals of the server's refresh, which change with its
 * version; {@code StockMethodsTest} detects such changes.
 */
public abstract class StockRefresh extends DefaultRefreshTokenProvider {
  private static final String IN_PROGRESS = StockRefresh.class.getName();

  private @Nullable EventBuilder event;
  private @Nullable RefreshRequest request;
  private @Nullable TokenFamilyLock lock;

  /** Creates a provider for one request. */
  protected StockRefresh(KeycloakSession session) {
    super(session);
  }

  /** Returns whether this provider answers the request; otherwise, the server's own does. */
  protected abstract boolean isEnabled();

  /**
   * Called before the server locks the family in the cluster.
   *
   * @param familyId of the presented token
   * @return called at the end of the request, when its changes are committed and the lock is
   *     released
   */
  protected abstract Runnable begin(String familyId);

  /**
   * Decides whether this request may present the token. Runs under the lock, after the token, its
   * client and its session have been verified, and before {@link #check}.
   *
   * @throws OAuthErrorException to reject the request; no session ends, and the server reports
   *     {@code REFRESH_TOKEN_ERROR}
   */
  protected abstract void admit(
      RefreshToken presented, RefreshRequest request, AuthenticatedClientSessionModel clientSession)
      throws OAuthErrorException;

  /**
   * Decides whether the presented token may be used. Runs under the lock, after the token, its
   * client and its session have been verified.
   *
   * @param stock the server's own decision, which also records the use
   * @throws OAuthErrorException to reject the request; the server then detaches the client session
   *     and reports {@code REFRESH_TOKEN_ERROR}
   */
  protected abstract void check(
      RefreshToken presented, AuthenticatedClientSessionModel clientSession, StockCheck stock)
      throws OAuthErrorException;

  /**
   * Called with the successor before it is signed; may replace or record it.
   *
   * @return the token that is issued
   */
  protected abstract RefreshToken issuing(
      RefreshToken successor, AuthenticatedClientSessionModel clientSession);

  /** The server's own decision on the presented token. */
  @FunctionalInterface
  public interface StockCheck {
    /** Records the use, or throws. */
    void run() throws OAuthErrorException;
  }

  @Override
  public final boolean supports(InitialRefreshTokenContext context) {
    return session.getAttribute(IN_PROGRESS) != null && super.supports(context);
  }

  @Override
  public final boolean supports(RefreshTokenContext context) {
    // without the realm's "Revoke Refresh Token", the server neither locks nor checks
    return context.grantContext().getRealm().isRevokeRefreshToken()
        && isEnabled()
        && super.supports(context);
  }

  @Override
  public final AccessTokenResponseBuilder refreshAccessToken(RefreshTokenContext context)
      throws OAuthErrorException {
    var presented = context.oldRefreshToken();
    var withoutFamily = startFamily(presented);
    event = context.grantContext().getEvent();
    request = RefreshRequest.of(session, context.grantContext());
    var end = begin(familyOf(presented));
    session.setAttribute(IN_PROGRESS, this);
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
      session.removeAttribute(IN_PROGRESS);
      // runs after the server's own lock is released, which is enlisted by now
      releaseAfterCompletion(end);
    }
  }

  /**
   * Excludes refreshes of a token's family until this request is completed. A refresh that is in
   * progress is completed first; the next one sees the changes of this request. Without it, the
   * server writes the client session of a concurrent refresh after the removal of that session, and
   * its tokens outlive their revocation.
   *
   * @param token of a family, verified
   * @throws ClientErrorException with 429, if a refresh in progress takes too long
   */
  protected final void excludeRefreshes(RefreshToken token) {
    startFamily(token);
    var end = begin(familyOf(token));
    try {
      lock(token);
    } finally {
      releaseAfterCompletion(end);
    }
  }

  /**
   * Gives a token without a family one of its own, which its successors inherit. Otherwise, all
   * tokens that were issued while the realm did not rotate would share one.
   *
   * @return whether the token had no family
   */
  private static boolean startFamily(RefreshToken token) {
    return token.getOtherClaims().putIfAbsent(Constants.REUSE_ID, token.getId()) == null;
  }

  private void lock(RefreshToken token) {
    lock = TokenFamilyLock.of(session, token.getSessionId(), familyOf(token));
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
    // not together with the reuse check, whose rejection detaches the client session
    admit(presented, request(), validation.clientSessionCtx.getClientSession());
    return validation;
  }

  private RefreshRequest request() {
    if (request == null) {
      throw new IllegalStateException("No refresh in progress");
    }
    return request;
  }

  private void release(Runnable end) {
    var held = lock;
    if (held != null) {
      // the lock expires by itself; the tokens are issued and must reach the client
      ListenerFailures.contain("refresh-lock", "release", held::release);
    }
    end.run();
  }

  @Override
  public final RefreshToken generateRefreshToken(InitialRefreshTokenContext context) {
    var successor = super.generateRefreshToken(context);
    // the server requests the provider a second time, and may get another instance
    var inProgress = session.getAttribute(IN_PROGRESS, StockRefresh.class);
    return inProgress == null
        ? successor
        : inProgress.issuing(successor, context.clientSessionCtx().getClientSession());
  }

  /**
   * Returns the family of a token: all tokens that descend from one login of one client, in one tab
   * for example.
   */
  protected static String familyOf(RefreshToken token) {
    return String.valueOf(token.getOtherClaims().get(Constants.REUSE_ID));
  }

  /** Returns the event of this request. */
  protected final EventBuilder event() {
    if (event == null) {
      throw new IllegalStateException("No refresh in progress");
    }
    return event;
  }

  /** Ends a session of the user, or an offline session, and notifies all its clients. */
  protected final void end(UserSessionModel userSession) {
    SessionLogout.end(session, userSession);
  }

  /**
   * Notifies the client that its session ended. The server ends the session itself after a
   * rejection.
   */
  protected final void notifyClient(
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

    /** Rejects a token that the server recorded as used before it had a family. */
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
