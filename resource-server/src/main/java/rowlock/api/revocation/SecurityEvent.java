/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that the issuer has said to this API, and that is good.
 *
 * @param id {@code jti}; the same when it is said again
 * @param happenedAt when it has happened
 * @param change what that means; null when nobody here knows this type of event
 */
record SecurityEvent(String id, Instant happenedAt, @Nullable Change change) {}
