/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import rowlock.keycloak.rotation.Family.Used;
import rowlock.keycloak.rotation.RefreshRotationConfig.Mode;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;

/**
 * What holds for the client of a request, and the decision.
 *
 * @param grace how long a token may come back after it was used; zero for never
 * @param mode whether it may come back for longer while its successor is unused
 * @param onReuse what ends when it comes back too late
 */
record RotationRules(Duration grace, Mode mode, OnReuse onReuse) {

  /** What is to be done with a presented token. */
  enum Decision {
    /** It is the family's newest: it gets a successor. */
    ROTATE,
    /** The request that used it is repeated in time: it gets the family's newest once more. */
    REPLAY,
    /**
     * It came back in time, in a request for other tokens than the one that used it: the request is
     * refused and nothing ends.
     */
    CONFLICT,
    /** It came back too late, or was never known: two parties have it. */
    REUSE
  }

  /**
   * Decides on a token of a family.
   *
   * @param family what is known; null if nothing is, in which case the server's own rule holds
   * @param tokenId the presented token's {@code jti}
   * @param request digest of the request that presents it
   * @param arrivedAt when the request came in, in milliseconds: waiting in a queue must not make an
   *     honest client a thief. May be before the rotation that it waited for.
   */
  Decision decide(@Nullable Family family, String tokenId, String request, long arrivedAt) {
    if (family == null || family.newest().tokenId().equals(tokenId)) {
      return Decision.ROTATE;
    }
    var use = family.use(tokenId);
    if (use.isEmpty() || !isForgiven(family, use.get(), arrivedAt)) {
      return Decision.REUSE;
    }
    return use.get().request().equals(request) ? Decision.REPLAY : Decision.CONFLICT;
  }

  private boolean isForgiven(Family family, Used use, long arrivedAt) {
    if (mode == Mode.UNTIL_SUCCESSOR_USED && family.lastUsed().equals(use.tokenId())) {
      return true;
    }
    return !grace.isZero() && arrivedAt - use.at() <= grace.toMillis();
  }
}
