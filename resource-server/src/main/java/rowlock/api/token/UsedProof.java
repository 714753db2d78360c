/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Instant;
import java.util.UUID;

/**
 * The identity of a verified proof of possession, so that it is accepted once (RFC 9449 §11.1).
 * Stored as the details of the request's authentication; the replay check runs in the database.
 *
 * @param id identifies the key and {@code jti}: half of a SHA-256 over both
 * @param issuedAt {@code iat}
 */
public record UsedProof(UUID id, Instant issuedAt) {}
