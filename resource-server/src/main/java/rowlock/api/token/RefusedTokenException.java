/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import rowlock.api.audit.Refusal;

/** Carries a refusal through Spring Security, which supports exceptions only. */
final class RefusedTokenException extends AuthenticationException {
  private static final long serialVersionUID = 1L;

  private final Refusal reason;
  private final @Nullable String kid;
  private final @Nullable String clientId;
  private final @Nullable String claim;
  private final Duration wait;

  RefusedTokenException(Refusal reason) {
    this(new Verdict.Refused<Void>(reason));
  }

  RefusedTokenException(Verdict.Refused<?> refused) {
    this(refused, Duration.ZERO);
  }

  private RefusedTokenException(Verdict.Refused<?> refused, Duration wait) {
    super(refused.reason().code());
    this.reason = refused.reason();
    this.kid = refused.kid();
    this.clientId = refused.clientId();
    this.claim = refused.claim();
    this.wait = wait;
  }

  /**
   * Creates a refusal of a token that was not verified; it may be presented again after this wait.
   */
  static RefusedTokenException overBudget(Duration wait) {
    return new RefusedTokenException(new Verdict.Refused<Void>(Refusal.OVER_BUDGET), wait);
  }

  Refusal reason() {
    return reason;
  }

  @Nullable String kid() {
    return kid;
  }

  @Nullable String clientId() {
    return clientId;
  }

  /**
   * Returns the claim that is missing or not accepted; null if the refusal is not about one claim.
   */
  @Nullable String claim() {
    return claim;
  }

  /** Returns the wait for the client; zero if a retry does not help. */
  Duration retryAfter() {
    return wait;
  }

  /** Omits the stack trace, because unauthenticated requests cause this exception. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
