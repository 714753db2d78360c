/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

/** The issuer cannot be asked at the moment, or answers nonsense. It may be well again soon. */
public final class IssuerUnavailableException extends RuntimeException {

  IssuerUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  IssuerUnavailableException(String message) {
    super(message);
  }
}
