/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import rowlock.web.problem.Passing;

/** The issuer cannot be asked at the moment, or answers nonsense. It may be well again soon. */
public final class IssuerUnavailableException extends RuntimeException implements Passing {

  IssuerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  IssuerUnavailableException(String message) {
    super(message);
  }
}
