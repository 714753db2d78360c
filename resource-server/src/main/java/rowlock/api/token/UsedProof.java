/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Instant;
import java.util.UUID;

/**
 * What has to be remembered of a good proof of possession, so that it is good once only (RFC 9449
 * section 11.1). It is the details of the request's authentication; whether the proof has been used
 * before is asked where the request's rows are.
 *
 * @param id stands for the key and {@code jti}: half of a SHA-256 over both
 * @param issuedAt {@code iat}
 */
public record UsedProof(UUID id, Instant issuedAt) {}
