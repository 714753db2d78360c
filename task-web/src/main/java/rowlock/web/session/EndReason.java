/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

/** Why a request has no session. */
public enum EndReason {
  /** The browser never had one, or it has forgotten it. */
  NONE("none"),
  /** Idle for too long, or as old as it may get. */
  EXPIRED("expired"),
  /** Signed out here, perhaps in another tab. */
  SIGNED_OUT("signed-out"),
  /** Ended elsewhere: by the person on another device, by an administrator, with the account. */
  ENDED("ended");

  private final String code;

  EndReason(String code) {
    this.code = code;
  }

  /** The word that the page gets and the database keeps. */
  public String code() {
    return code;
  }

  static EndReason of(String code) {
    for (EndReason reason : values()) {
      if (reason.code.equals(code)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no reason: " + code);
  }
}
