/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import jakarta.ws.rs.ClientErrorException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.RefreshToken;
import org.keycloak.util.TokenUtil;
import rowlock.keycloak.rotation.RotationRules.Decision;
import rowlock.keycloak.rotation.TokenFamily.Newest;
import rowlock.keycloak.rotation.stock.RefreshRequest;
import rowlock.keycloak.rotation.stock.StockRefresh;
import rowlock.keycloak.support.ListenerFailures;

/**
 * One refresh of a client with the policy. The newest token of a family gets a successor. A token
 * that was used within the grace window gets the family's newest token, byte for byte, if the
 * request repeats the one that used it: same key, scope and resource; otherwise the request is
 * rejected and the session continues. Any other token is reuse.
 */
final class GraceRefreshTokenProvider extends StockRefresh {
  /** RFC 6585 §4. */
  private static final int TOO_MANY_REQUESTS = 429;

  /** Texts of the event and of the security log. They must not change. */
  static final String REUSE = "Refresh token reuse detected";

  static final String CONFLICT =
      "Refresh token was used a moment ago with another key, scope or resource";

  private static final Set<String> TOKEN_TYPES =
      Set.of(TokenUtil.TOKEN_TYPE_REFRESH, TokenUtil.TOKEN_TYPE_OFFLINE);

  private final KeycloakSession keycloak;
  private final TokenFamilyQueue queue;
  private final RotationMetrics metrics;
  private @Nullable Admitted admitted;
  private long effectiveArrival;

  GraceRefreshTokenProvider(
      KeycloakSession session, TokenFamilyQueue queue, RotationMetrics metrics) {
    super(session);
    this.keycloak = session;
    this.queue = queue;
    this.metrics = metrics;
  }

  /**
   * A presented token and the decision on it.
   *
   * @param request digest of the request
   * @param newest the token that a repetition is answered with; null if there is none
   */
  private record Admitted(
      Decision decision,
      RefreshToken presented,
      String request,
      @Nullable TokenFamily family,
      @Nullable RefreshToken newest) {}

  @Override
  protected boolean isEnabled() {
    return RotationContext.of(keycloak) != null;
  }

  @Override
  protected Runnable begin(String familyId) {
    var start = System.nanoTime();
    var admission = queue.enter(familyId);
    metrics.waited(Duration.ofNanos(System.nanoTime() - start));
    if (admission == null) {
      throw new ClientErrorException("Too many refreshes of one token at once", TOO_MANY_REQUESTS);
    }
    effectiveArrival = context().effectiveArrival(admission.busySince());
    return admission.end();
  }

  /**
   * Excludes concurrent refreshes of the family of a token that is about to be revoked.
   *
   * @param token as sent; without effect if it is not a refresh token of the realm
   */
  void excludeRefreshesOf(@Nullable String token) {
    var refreshToken = token == null ? null : keycloak.tokens().decode(token, RefreshToken.class);
    if (refreshToken != null
        && refreshToken.getSessionId() != null
        && TOKEN_TYPES.contains(refreshToken.getType())) {
      excludeRefreshes(refreshToken);
    }
  }

  @Override
  protected void admit(
      RefreshToken presented, RefreshRequest request, AuthenticatedClientSessionModel clientSession)
      throws OAuthErrorException {
    var familyId = familyOf(presented);
    var notes = new TokenFamilyNotes(clientSession);
    var family = notes.read(familyId);
    var digest = request.digest();
    var decision = context().rules().decide(family, presented.getId(), digest, effectiveArrival);
    var newest = family == null ? null : notes.newest(familyId, family);
    if (decision == Decision.REPLAY && newest == null) {
      decision = Decision.CONFLICT;
    }
    if (decision == Decision.CONFLICT) {
      count(decision, clientSession);
      event()
          .user(clientSession.getUserSession().getUser())
          .detail("refresh_token_family", familyId);
      throw new OAuthErrorException(OAuthErrorException.INVALID_GRANT, CONFLICT);
    }
    admitted = new Admitted(decision, presented, digest, family, newest);
  }

  @Override
  protected void check(
      RefreshToken presented, AuthenticatedClientSessionModel clientSession, StockCheck stock)
      throws OAuthErrorException {
    switch (admitted().decision()) {
      case ROTATE -> useUp(stock, presented, clientSession);
      case REPLAY -> {
        // the token is not used up
      }
      case REUSE -> throw endAfterReuse(presented, clientSession);
      case CONFLICT -> throw new IllegalStateException("Refused before");
    }
  }

  /**
   * Records the use by the server's own check, which also decides on families that this extension
   * has no state of.
   */
  private void useUp(
      StockCheck stock, RefreshToken presented, AuthenticatedClientSessionModel clientSession)
      throws OAuthErrorException {
    try {
      stock.run();
    } catch (OAuthErrorException e) {
      throw endAfterReuse(presented, clientSession);
    }
  }

  @Override
  protected RefreshToken issuing(
      RefreshToken successor, AuthenticatedClientSessionModel clientSession) {
    var current = admitted();
    count(current.decision(), clientSession);
    if (current.decision() == Decision.REPLAY && current.newest() != null) {
      return current.newest();
    }
    var now = Time.currentTimeMillis();
    var rotated =
        TokenFamily.afterRotation(
            current.family(),
            describe(current.presented()),
            describe(successor),
            current.request(),
            now);
    new TokenFamilyNotes(clientSession)
        .write(familyOf(current.presented()), rotated, successor, now / 1000);
    return successor;
  }

  private OAuthErrorException endAfterReuse(
      RefreshToken presented, AuthenticatedClientSessionModel clientSession) {
    count(Decision.REUSE, clientSession);
    var userSession = clientSession.getUserSession();
    var realm = keycloak.getContext().getRealm();
    var user = userSession.getUser();
    var onReuse = context().rules().onReuse();
    event()
        .user(user)
        .detail("refresh_token_family", familyOf(presented))
        .detail("sessions_ended", onReuse.toString());
    // a failed mail must not keep the session alive
    ListenerFailures.contain(
        "reuse-mail",
        "enlist",
        () ->
            TokenReuseMail.enlist(
                keycloak, user, clientSession.getClient(), familyOf(presented), onReuse));
    switch (onReuse) {
      case CLIENT_SESSION -> notifyClient(realm, userSession, clientSession);
      case USER_SESSION -> end(userSession);
      case ALL_SESSIONS -> {
        keycloak.sessions().getUserSessionsStream(realm, user).toList().forEach(this::end);
        keycloak.sessions().getOfflineUserSessionsStream(realm, user).toList().forEach(this::end);
      }
    }
    return new OAuthErrorException(OAuthErrorException.INVALID_GRANT, REUSE);
  }

  private void count(Decision decision, AuthenticatedClientSessionModel clientSession) {
    var realm = keycloak.getContext().getRealm();
    metrics.count(decision, realm.getName(), clientSession.getClient().getClientId());
  }

  private Admitted admitted() {
    if (admitted == null) {
      throw new IllegalStateException("There is no decision");
    }
    return admitted;
  }

  private RotationContext context() {
    var context = RotationContext.of(keycloak);
    if (context == null) {
      throw new IllegalStateException("The policy does not apply");
    }
    return context;
  }

  private static Newest describe(RefreshToken token) {
    var expires = token.getExp();
    return new Newest(token.getId(), token.getIat(), expires == null ? 0 : expires);
  }
}
