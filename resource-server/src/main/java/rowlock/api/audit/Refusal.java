/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The reason for a refused request, as written to the security log and to the label of the metric
 * {@code rowlock.authentication.refused}. The client learns no more than "invalid token".
 */
public enum Refusal {
  /** No Authorization header. */
  NO_CREDENTIALS,
  /** More than one Authorization header, or no single token. */
  BAD_AUTHORIZATION_HEADER,
  /** Longer than the maximum size. */
  TOKEN_TOO_LONG,
  /** Not in canonical compact serialization (RFC 7515 §7.1). */
  MALFORMED_TOKEN,
  /** The header, or the payload of a token with a valid signature, is not a strict JSON object. */
  MALFORMED_JSON,
  /** {@code typ} of the header is not {@code at+jwt} (RFC 9068 §4). */
  WRONG_TYPE,
  /** {@code alg} is not allowed, or not the algorithm of the key. */
  WRONG_ALGORITHM,
  /** {@code crit} lists extensions (RFC 7515 §4.1.11), and this API supports none. */
  CRITICAL_HEADER,
  /** The token contains or references its own key: {@code jwk}, {@code jku}, {@code x5u}. */
  EMBEDDED_KEY,
  /** {@code kid} is missing, too long or not a string. */
  BAD_KEY_ID,
  /** No key of the issuer has this {@code kid}. */
  UNKNOWN_KEY,
  /** The signature is not the issuer's. */
  BAD_SIGNATURE,
  /** {@code iss} is another issuer. */
  WRONG_ISSUER,
  /** {@code aud} does not name this API. */
  WRONG_AUDIENCE,
  /** {@code client_id} is not in {@code ROWLOCK_TOKEN_CLIENTS}. */
  WRONG_CLIENT,
  /** The payload is that of another token type (ID, refresh, logout). */
  WRONG_TOKEN_KIND,
  /** {@code exp} has passed. */
  EXPIRED,
  /** {@code nbf} or {@code iat} is in the future. */
  NOT_YET_VALID,
  /** {@code exp - iat} exceeds the maximum. */
  LIFETIME_TOO_LONG,
  /** A required claim is missing or of the wrong type. */
  BAD_CLAIM,
  /** {@code sub} is not a canonical UUID. */
  BAD_SUBJECT,
  /** A security event or logout token was signed too long ago, or in the future. */
  EVENT_NOT_CURRENT,
  /** The issuer's signature is valid, but the event or its subject is malformed. */
  EVENT_MALFORMED,
  /** Bound to a key ({@code cnf}), but presented as a bearer token. */
  BOUND_TOKEN,
  /** Presented with the scheme DPoP, but not bound to a key. */
  UNBOUND_TOKEN,
  /** Not exactly one DPoP header. */
  PROOF_MISSING,
  /** The proof or its key does not conform to RFC 9449 §4.2. */
  PROOF_MALFORMED,
  /** {@code htm} or {@code htu} differs: a replay, or ROWLOCK_PUBLIC_URL is wrong. */
  PROOF_OF_ANOTHER_REQUEST,
  /** {@code ath} is that of another token. */
  PROOF_OF_ANOTHER_TOKEN,
  /** The proof is made with a key other than the one that the token is bound to. */
  PROOF_OF_ANOTHER_KEY,
  /** {@code iat} of the proof is too far from the current time. */
  PROOF_NOT_CURRENT,
  /** The signature of the proof is invalid. */
  PROOF_BAD_SIGNATURE,
  /** The proof has been used by another request. */
  PROOF_REPLAYED,
  /** The token is valid, but lacks a scope. */
  INSUFFICIENT_SCOPE,
  /** A statement of a request that may only read wrote: the route requires the wrong scope. */
  WRITE_WITHOUT_SCOPE,
  /** The token is valid, but the authentication is too old or too weak (RFC 9470). */
  INSUFFICIENT_USER_AUTHENTICATION,
  /** The session or the account of the token was revoked. */
  REVOKED,
  /** No current keys of the issuer are available; the token may be valid. */
  NO_KEYS,
  /** The budget of the client address is exhausted; the token was not verified. */
  OVER_BUDGET;

  private static final Set<Refusal> FREE =
      EnumSet.of(
          NO_CREDENTIALS,
          BAD_AUTHORIZATION_HEADER,
          INSUFFICIENT_SCOPE,
          WRITE_WITHOUT_SCOPE,
          INSUFFICIENT_USER_AUTHENTICATION,
          REVOKED,
          NO_KEYS,
          OVER_BUDGET);

  /** Returns the name in the log and the metric, such as {@code wrong_issuer}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether the refusal counts against the budget of the client address. It does if a token
   * was presented and is not one of ours, has expired or is not for this API. It does not if no
   * token was verified, if a valid token is insufficient or was revoked (its signature is known, so
   * it costs nothing), or if the server failed.
   */
  public boolean spendsBudget() {
    return !FREE.contains(this);
  }
}
