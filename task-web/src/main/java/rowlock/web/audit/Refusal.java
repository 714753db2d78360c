/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused. For the operator: a line in the security log and a label of the metric
 * {@code rowlock.web.refused}.
 */
public enum Refusal {
  /** A callback of a sign-in that this browser has not begun (RFC 6749 section 10.12). */
  UNKNOWN_LOGIN(Budget.BROWSER),
  /** A callback with neither a code nor an error (RFC 6749 section 4.1.2). */
  MALFORMED_CALLBACK(Budget.BROWSER),
  /** The issuer did not exchange the code, or its ID token is invalid. */
  LOGIN_FAILED(Budget.CODE),
  /** Sent by another site's page. */
  CROSS_SITE(null),
  /** A change without the CSRF token of its session. */
  BAD_CSRF_TOKEN(Budget.BROWSER),
  /** A session cookie of no session. */
  UNKNOWN_SESSION(Budget.BROWSER),
  /** No signed token in the compact form, or its header is that of another kind of token. */
  LOGOUT_TOKEN_MALFORMED(Budget.LOGOUT_TOKEN),
  /** No key of the issuer has this {@code kid}. */
  LOGOUT_TOKEN_UNKNOWN_KEY(Budget.LOGOUT_TOKEN),
  /** The signature, or a claim, is invalid (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
  LOGOUT_TOKEN_INVALID(Budget.LOGOUT_TOKEN),
  /** The budget of the client address is spent. */
  OVER_BUDGET(null);

  /** What a client address may fail at, each with a limit of its own. */
  public enum Budget {
    /** Requests as browsers send them. */
    BROWSER,
    /** Authorization codes: each costs a request to the issuer. */
    CODE,
    /** Logout tokens: each may cost a signature check. */
    LOGOUT_TOKEN
  }

  private final @Nullable Budget budget;

  Refusal(@Nullable Budget budget) {
    this.budget = budget;
  }

  /** The reason as it is written in the log and the metric, such as {@code unknown_login}. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The budget that such a refusal is taken from; null when it counts against none. */
  @Nullable Budget budget() {
    return budget;
  }
}
