/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

/** Reports an error response of the authorization server (RFC 6749 §5.2, §4.1.2.1). */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;

  OAuthException(int status, String error, String description) {
    super(status + " " + error + ": " + description);
    this.status = status;
    this.error = error;
  }

  /** Returns the HTTP status of the response. */
  public int status() {
    return status;
  }

  /** Returns the error code, {@code invalid_grant} for example. */
  public String error() {
    return error;
  }
}
