/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

/** A missing or invalid setting, or one that contradicts another. Stops the start. */
public final class InvalidSettingException extends RuntimeException {
  private final String variable;
  private final String reason;

  /**
   * @param variable the environment variable to change, such as {@code ROWLOCK_ISSUER}
   * @param reason the error and the value to set; never contains a secret
   */
  public InvalidSettingException(String variable, String reason) {
    super(variable + " " + reason);
    this.variable = variable;
    this.reason = reason;
  }

  /** Returns the environment variable to change. */
  public String variable() {
    return variable;
  }

  /** Returns the error and the value to set. */
  public String reason() {
    return reason;
  }
}
