/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import rowlock.api.audit.Refusal;

/** A refusal on its way through Spring Security, which knows exceptions only. */
final class RefusedTokenException extends AuthenticationException {

  private static final long serialVersionUID = 1L;

  private final Refusal reason;
  private final @Nullable String kid;
  private final @Nullable String clientId;

  RefusedTokenException(Refusal reason) {
    this(new Verdict.Refused<Void>(reason));
  }

  RefusedTokenException(Verdict.Refused<?> refused) {
    super(refused.reason().code());
    this.reason = refused.reason();
    this.kid = refused.kid();
    this.clientId = refused.clientId();
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

  /** Anybody can cause one, so it must be cheap. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
