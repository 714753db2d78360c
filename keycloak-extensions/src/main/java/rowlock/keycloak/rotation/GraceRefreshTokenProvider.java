/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import jakarta.ws.rs.ClientErrorException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.RefreshToken;
import rowlock.keycloak.rotation.Family.Newest;
import rowlock.keycloak.rotation.RotationRules.Decision;
import rowlock.keycloak.support.StockRefresh;

/**
 * One refresh of a client with the policy: the newest token of a family gets a successor, one that
 * was used a moment ago gets that same successor, byte for byte, so that the family never forks;
 * any other is theft.
 */
final class GraceRefreshTokenProvider extends StockRefresh {
  /** RFC 6585 §4. */
  private static final int TOO_MANY_REQUESTS = 429;

  /** The texts of the error are part of the event and of the security log: they do not change. */
  static final String REUSE = "Refresh token reuse detected";

  private final KeycloakSession keycloak;
  private final FamilyQueue queue;
  private final RotationMetrics metrics;
  private @Nullable Successor successor;
  private long countedFrom;

  GraceRefreshTokenProvider(KeycloakSession session, FamilyQueue queue, RotationMetrics metrics) {
    super(session);
    this.keycloak = session;
    this.queue = queue;
    this.metrics = metrics;
  }

  /** What the answer's refresh token is to be: the family's newest again, or a new one. */
  private record Successor(
      String familyId, RefreshToken presented, @Nullable Family family, boolean replay) {}

  @Override
  protected boolean isWanted() {
    return Arrival.of(keycloak) != null;
  }

  @Override
  protected Runnable begin(String familyId) {
    var start = System.nanoTime();
    var entered = queue.enter(familyId);
    metrics.waited(Duration.ofNanos(System.nanoTime() - start));
    var turn =
        entered.orElseThrow(
            () ->
                new ClientErrorException(
                    "Too many refreshes of one token at once", TOO_MANY_REQUESTS));
    countedFrom = arrival().inLineSince(turn.busySince());
    return turn.end();
  }

  @Override
  protected void check(
      RefreshToken presented, AuthenticatedClientSessionModel clientSession, StockCheck stock)
      throws OAuthErrorException {
    var familyId = familyOf(presented);
    var family = new FamilyNotes(clientSession).read(familyId);
    switch (arrival().rules().decide(family, presented.getId(), countedFrom)) {
      case ROTATE -> {
        useUp(stock, presented, clientSession);
        successor = new Successor(familyId, presented, family, false);
      }
      case REPLAY -> successor = new Successor(familyId, presented, family, true);
      case REUSE -> throw theft(presented, clientSession);
    }
  }

  /** The server records the use, and decides on families that it knows and we do not. */
  private void useUp(
      StockCheck stock, RefreshToken presented, AuthenticatedClientSessionModel clientSession)
      throws OAuthErrorException {
    try {
      stock.run();
    } catch (OAuthErrorException e) {
      throw theft(presented, clientSession);
    }
  }

  @Override
  protected void issuing(RefreshToken token, AuthenticatedClientSessionModel clientSession) {
    var made = successor;
    if (made == null) {
      return;
    }
    var family = made.family();
    if (made.replay() && family != null) {
      var newest = family.newest();
      token.id(newest.tokenId()).iat(newest.issuedAt()).exp(orNone(newest.expires()));
      count(Decision.REPLAY, clientSession);
      return;
    }
    var now = Time.currentTimeMillis();
    var rotated = Family.afterRotation(family, describe(made.presented()), describe(token), now);
    new FamilyNotes(clientSession).write(made.familyId(), rotated, now / 1000);
    count(Decision.ROTATE, clientSession);
  }

  private OAuthErrorException theft(
      RefreshToken presented, AuthenticatedClientSessionModel clientSession) {
    count(Decision.REUSE, clientSession);
    var userSession = clientSession.getUserSession();
    var realm = keycloak.getContext().getRealm();
    var user = userSession.getUser();
    var onReuse = arrival().rules().onReuse();
    event()
        .user(user)
        .detail("refresh_token_family", familyOf(presented))
        .detail("sessions_ended", onReuse.toString());
    OwnerMail.enlist(keycloak, user, clientSession.getClient(), familyOf(presented), onReuse);
    switch (onReuse) {
      case CLIENT_SESSION -> tell(realm, userSession, clientSession);
      case USER_SESSION -> end(userSession);
      case ALL_SESSIONS -> {
        keycloak.sessions().getUserSessionsStream(realm, user).toList().forEach(this::end);
        keycloak.sessions().getOfflineUserSessionsStream(realm, user).toList().forEach(this::end);
      }
    }
    return new OAuthErrorException(OAuthErrorException.INVALID_GRANT, REUSE);
  }

  private void count(Decision decision, AuthenticatedClientSessionModel clientSession) {
    RealmModel realm = keycloak.getContext().getRealm();
    metrics.count(decision, realm.getName(), clientSession.getClient().getClientId());
  }

  private Arrival arrival() {
    var arrival = Arrival.of(keycloak);
    if (arrival == null) {
      throw new IllegalStateException("The policy does not apply");
    }
    return arrival;
  }

  private static Newest describe(RefreshToken token) {
    var expires = token.getExp();
    return new Newest(token.getId(), token.getIat(), expires == null ? 0 : expires);
  }

  private static @Nullable Long orNone(long seconds) {
    return seconds == 0 ? null : seconds;
  }
}
