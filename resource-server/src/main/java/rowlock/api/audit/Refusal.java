/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Why a request was not let in. For the operator: a line in the security log and a label of the
 * metric {@code rowlock.authentication.refused}. The client never learns more than "invalid token".
 */
public enum Refusal {
  /** No Authorization header. */
  NO_CREDENTIALS,
  /** More than one Authorization header, no single token. */
  BAD_AUTHORIZATION_HEADER,
  /** Longer than any token this API accepts. */
  TOKEN_TOO_LONG,
  /** Not the one canonical way to write a signed token (RFC 7515 section 7.1). */
  MALFORMED_TOKEN,
  /** Header or payload is no strict JSON object. */
  MALFORMED_JSON,
  /** {@code typ} of the header is not {@code at+jwt} (RFC 9068 section 4). */
  WRONG_TYPE,
  /** {@code alg} is not allowed, or not the algorithm of the key. */
  WRONG_ALGORITHM,
  /** {@code crit} names extensions (RFC 7515 section 4.1.11); this API has none. */
  CRITICAL_HEADER,
  /** The token brings or points to a key of its own: {@code jwk}, {@code jku}, {@code x5u}. */
  EMBEDDED_KEY,
  /** {@code kid} is missing, too long or no text. */
  BAD_KEY_ID,
  /** No key of the issuer has this {@code kid}. */
  UNKNOWN_KEY,
  /** The signature is not the issuer's. */
  BAD_SIGNATURE,
  /** {@code iss} is somebody else. */
  WRONG_ISSUER,
  /** {@code aud} does not name this API. */
  WRONG_AUDIENCE,
  /** {@code client_id} is no client that {@code ROWLOCK_TOKEN_CLIENTS} names. */
  WRONG_CLIENT,
  /** The payload says that this is no access token (ID, refresh, logout). */
  WRONG_TOKEN_KIND,
  /** {@code exp} has passed. */
  EXPIRED,
  /** {@code nbf} or {@code iat} lies in the future. */
  NOT_YET_VALID,
  /** {@code exp - iat} is longer than this API accepts. */
  LIFETIME_TOO_LONG,
  /** A required claim is missing or of the wrong type. */
  BAD_CLAIM,
  /** {@code sub} is no canonical UUID. */
  BAD_SUBJECT,
  /** A security event or logout token that was signed too long ago, or in the future. */
  EVENT_NOT_CURRENT,
  /** The issuer has signed it, but what it says has happened to whom is not as it should be. */
  EVENT_MALFORMED,
  /** Bound to a key ({@code cnf}), but sent as if whoever holds it may use it. */
  BOUND_TOKEN,
  /** Sent with the scheme DPoP, but bound to no key. */
  UNBOUND_TOKEN,
  /** Not exactly one DPoP header. */
  PROOF_MISSING,
  /** The proof or the key in it is not as RFC 9449 section 4.2 asks. */
  PROOF_MALFORMED,
  /** {@code htm} or {@code htu} is another: replayed elsewhere, or ROWLOCK_PUBLIC_URL is wrong. */
  PROOF_OF_ANOTHER_REQUEST,
  /** {@code ath} is another token's. */
  PROOF_OF_ANOTHER_TOKEN,
  /** The proof is made with another key than the one the token is bound to. */
  PROOF_OF_ANOTHER_KEY,
  /** {@code iat} of the proof is too far from now. */
  PROOF_NOT_CURRENT,
  /** The key in the proof has not signed it. */
  PROOF_BAD_SIGNATURE,
  /** The proof has been used by another request. */
  PROOF_REPLAYED,
  /** The token is good and lacks a right. */
  INSUFFICIENT_SCOPE,
  /** The token is good; who it is about signed in too long ago or too weakly (RFC 9470). */
  INSUFFICIENT_USER_AUTHENTICATION,
  /** The session or the account behind the token has been ended. */
  REVOKED,
  /** The issuer's keys have not been seen yet, or too long ago; the token may be good. */
  NO_KEYS,
  /** The client address has had too many tokens refused; this one was not even looked at. */
  OVER_BUDGET;

  private static final Set<Refusal> FREE =
      EnumSet.of(
          NO_CREDENTIALS,
          BAD_AUTHORIZATION_HEADER,
          INSUFFICIENT_SCOPE,
          INSUFFICIENT_USER_AUTHENTICATION,
          REVOKED,
          NO_KEYS,
          OVER_BUDGET);

  /** As it is written in the log and the metric, such as {@code wrong_issuer}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether such a refusal counts against the failures that a client address may cause: whenever a
   * token was presented and found to be none of ours, no longer or not here. Not so where no token
   * was looked at, where a good one is not enough or was good until somebody signed out (its
   * signature is known, so it costs nothing), and where the fault is ours.
   */
  public boolean spendsBudget() {
    return !FREE.contains(this);
  }
}
