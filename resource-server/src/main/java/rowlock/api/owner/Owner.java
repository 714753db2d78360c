/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.owner;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user on whose behalf a request runs, and the claims that are needed to check revocation.
 *
 * @param id the token's {@code sub}, which owns the rows that the request may access
 * @param sessionId the token's {@code sid}; any text, not always a UUID
 * @param clientId the OAuth client that the token was issued to
 * @param issuedAt the token's {@code iat}
 * @param proof the proof of possession of the request; null if its token is bound to no key
 */
public record Owner(
    UUID id, String sessionId, String clientId, Instant issuedAt, @Nullable Proof proof) {

  /**
   * A proof of possession (RFC 9449) that may be used by one request only.
   *
   * @param id the identifier of the proof
   * @param issuedAt the proof's {@code iat}
   * @param request the request that uses it; all its statements count as one use
   */
  public record Proof(UUID id, Instant issuedAt, UUID request) {}

  private static final ScopedValue<Owner> CURRENT = ScopedValue.newInstance();

  /** Creates the owner of a request with a bearer token. */
  public Owner(UUID id, String sessionId, String clientId, Instant issuedAt) {
    this(id, sessionId, clientId, issuedAt, null);
  }

  /**
   * Returns the owner of the request that this thread serves.
   *
   * @throws IllegalStateException outside a request with a valid token; rows are inaccessible then
   */
  public static Owner current() {
    if (!CURRENT.isBound()) {
      throw new IllegalStateException("No owner is bound: rows are out of reach");
    }
    return CURRENT.get();
  }

  /** Returns whether this thread serves a request with a valid token. */
  public static boolean isBound() {
    return CURRENT.isBound();
  }

  /**
   * Runs an operation on behalf of this owner.
   *
   * @return what the operation returns
   */
  public <T extends @Nullable Object, X extends Throwable> T call(
      ScopedValue.CallableOp<? extends T, X> operation) throws X {
    return ScopedValue.where(CURRENT, this).call(operation);
  }
}
