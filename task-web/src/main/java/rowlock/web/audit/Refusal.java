/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reason why a request was refused: written to the security log and used as label of the metric
 * {@code rowlock.web.refused}.
 */
public enum Refusal {
  /** A callback of a login that this browser has not started (RFC 6749 §10.12). */
  UNKNOWN_LOGIN(Budget.BROWSER),
  /** A callback with neither a code nor an error (RFC 6749 §4.1.2). */
  MALFORMED_CALLBACK(Budget.BROWSER),
  /** The issuer did not exchange the code, or its ID token is invalid. */
  LOGIN_FAILED(Budget.CODE),
  /** A request of another site's page. */
  CROSS_SITE(null),
  /** An unsafe request without the CSRF token of its session. */
  BAD_CSRF_TOKEN(Budget.BROWSER),
  /** A session cookie that cannot belong to any session. */
  UNKNOWN_SESSION(Budget.BROWSER),
  /** Not a JWS in the compact form, or its header is that of another token type. */
  LOGOUT_TOKEN_MALFORMED(Budget.LOGOUT_TOKEN),
  /** No key of the issuer has this {@code kid}. */
  LOGOUT_TOKEN_UNKNOWN_KEY(Budget.LOGOUT_TOKEN),
  /** The signature, or a claim, is invalid (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
  LOGOUT_TOKEN_INVALID(Budget.LOGOUT_TOKEN),
  /** The budget of the peer address is spent. */
  OVER_BUDGET(null);

  /** Budgets of failures per peer address. */
  public enum Budget {
    /** Requests of browsers. */
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

  /** Returns the reason as written in the log and the metric, such as {@code unknown_login}. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the budget that this refusal counts against; null if none. */
  @Nullable Budget budget() {
    return budget;
  }
}
