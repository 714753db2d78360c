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
 * @param missingScope the scope without which statements may only read; null if they may write
 */
public record Owner(
    UUID id,
    String sessionId,
    String clientId,
    Instant issuedAt,
    @Nullable Proof proof,
    @Nullable String missingScope) {

  /**
   * A proof of possession (RFC 9449) that may be used by one request only.
   *
   * @param id the identifier of the proof
   * @param issuedAt the proof's {@code iat}
   * @param request the request that uses it; all its statements count as one use
   */
  public record Proof(UUID id, Instant issuedAt, UUID request) {}

  /** Holds the owner of a request, which can be restricted while the request is under way. */
  private static final class Binding {
    private volatile Owner owner;

    Binding(Owner owner) {
      this.owner = owner;
    }
  }

  private static final ScopedValue<Binding> CURRENT = ScopedValue.newInstance();

  /** Creates an owner whose statements may write. */
  public Owner(
      UUID id, String sessionId, String clientId, Instant issuedAt, @Nullable Proof proof) {
    this(id, sessionId, clientId, issuedAt, proof, null);
  }

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
    return CURRENT.get().owner;
  }

  /** Returns whether this thread serves a request with a valid token. */
  public static boolean isBound() {
    return CURRENT.isBound();
  }

  /**
   * Lets the rest of the request only read: its statements run in READ ONLY transactions. Nothing
   * lifts this. Connections that were taken before are refused.
   *
   * @param missingScope the scope that the token lacks, which the answer to a statement that writes
   *     names
   * @throws IllegalStateException outside a request with a valid token
   */
  public static void restrictToReading(String missingScope) {
    var owner = current();
    CURRENT.get().owner =
        new Owner(
            owner.id, owner.sessionId, owner.clientId, owner.issuedAt, owner.proof, missingScope);
  }

  /** Returns whether the statements of this owner may only read. */
  public boolean isReadOnly() {
    return missingScope != null;
  }

  /**
   * Runs an operation on behalf of this owner.
   *
   * @return what the operation returns
   */
  public <T extends @Nullable Object, X extends Throwable> T call(
      ScopedValue.CallableOp<? extends T, X> operation) throws X {
    return ScopedValue.where(CURRENT, new Binding(this)).call(operation);
  }
}
