/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

/** Reason why a request has no session. */
public enum EndReason {
  /** The browser sent no valid session cookie. */
  NONE("none"),
  /** The session was idle for too long, or reached its maximum age. */
  EXPIRED("expired"),
  /** The user signed out in this browser, perhaps in another tab. */
  SIGNED_OUT("signed-out"),
  /** Ended elsewhere: on another device, by an administrator, or with the account. */
  ENDED("ended");

  private final String code;

  EndReason(String code) {
    this.code = code;
  }

  /** Returns the value for the page and the database. */
  public String code() {
    return code;
  }

  static EndReason of(String code) {
    for (var reason : values()) {
      if (reason.code.equals(code)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("unknown end reason: " + code);
  }
}
