/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import rowlock.api.audit.Refusal;

/** A refusal on its way through Spring Security, which knows exceptions only. */
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

  /** The token was not looked at; it may be presented again after this wait. */
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

  /** The claim that is missing or not accepted; null when the refusal is not about one claim. */
  @Nullable String claim() {
    return claim;
  }

  /** How long the client has to wait; zero where waiting does not help. */
  Duration retryAfter() {
    return wait;
  }

  /** Anybody can cause one, so it must be cheap. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
