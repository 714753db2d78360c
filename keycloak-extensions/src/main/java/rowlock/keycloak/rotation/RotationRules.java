/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import rowlock.keycloak.rotation.RefreshRotationConfig.Mode;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;
import rowlock.keycloak.rotation.TokenFamily.Used;

/**
 * The rules for the client of a request, and the decision on a token.
 *
 * @param grace how long a used token is accepted again; zero for never
 * @param mode whether it is accepted for longer while its successor is unused
 * @param onReuse what a later use ends
 */
record RotationRules(Duration grace, Mode mode, OnReuse onReuse) {

  /** The decision on a presented token. */
  enum Decision {
    /** The token is the family's newest: it gets a successor. */
    ROTATE,
    /**
     * The request repeats the one that used the token, in time: it gets the family's newest token
     * again.
     */
    REPLAY,
    /**
     * The token was used before, in time, by a request for other tokens: the request is rejected
     * and no session ends.
     */
    CONFLICT,
    /** The token was presented too late, or was never known: two parties have it. */
    REUSE
  }

  /**
   * Decides on a token of a family.
   *
   * @param family known state; null if there is none, in which case the server's own rule applies
   * @param tokenId the presented token's {@code jti}
   * @param request digest of the request that presents it
   * @param arrivedAt arrival of the request, in milliseconds: waiting in a queue must not turn an
   *     honest request into a reuse. May be before the rotation that it waited for.
   */
  Decision decide(@Nullable TokenFamily family, String tokenId, String request, long arrivedAt) {
    if (family == null || family.newest().tokenId().equals(tokenId)) {
      return Decision.ROTATE;
    }
    var use = family.use(tokenId);
    if (use == null || !isReplayAllowed(family, use, arrivedAt)) {
      return Decision.REUSE;
    }
    return use.request().equals(request) ? Decision.REPLAY : Decision.CONFLICT;
  }

  private boolean isReplayAllowed(TokenFamily family, Used use, long arrivedAt) {
    if (mode == Mode.UNTIL_SUCCESSOR_USED && family.lastUsed().equals(use.tokenId())) {
      return true;
    }
    return !grace.isZero() && arrivedAt - use.at() <= grace.toMillis();
  }
}
