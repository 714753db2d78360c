/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;

/** The credentials were not sent in the one way that RFC 6750 section 2.1 knows. */
final class BadAuthorizationHeaderException extends OAuth2AuthenticationException {

  BadAuthorizationHeaderException() {
    super(OAuth2ErrorCodes.INVALID_REQUEST);
  }

  /** Anybody can cause one, so it must be cheap. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
