/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verified event of the issuer.
 *
 * @param id {@code jti}; the same if it is sent again
 * @param happenedAt the time of the event
 * @param change its effect; null if the event type is unknown
 */
record SecurityEvent(String id, Instant happenedAt, @Nullable Change change) {}
