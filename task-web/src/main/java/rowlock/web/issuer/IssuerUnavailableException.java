/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import rowlock.web.problem.TransientFailure;

/** Thrown if the issuer is unreachable or its response is invalid. The failure is transient. */
public final class IssuerUnavailableException extends RuntimeException implements TransientFailure {
  IssuerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  IssuerUnavailableException(String message) {
    super(message);
  }
}
