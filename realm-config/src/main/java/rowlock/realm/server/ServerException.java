/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.server;

/**
 * Reports that the server is unreachable or refused a request. The message is one line with the
 * request and the reason, and contains no content of the request.
 */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean signIn;

  /** Creates an exception for an HTTP status, or 0 if there was no response. */
  public ServerException(int status, String message) {
    this(status, message, false);
  }

  private ServerException(int status, String message, boolean signIn) {
    super(message.replaceAll("\\R\\s*", " "));
    this.status = status;
    this.signIn = signIn;
  }

  static ServerException signIn(int status) {
    return new ServerException(status, "Sign-in failed: the server answered " + status, true);
  }

  /** Returns whether the server refused the account. */
  boolean isSignIn() {
    return signIn;
  }

  /** Returns the HTTP status; 0 if there was no response. */
  public int status() {
    return status;
  }
}
