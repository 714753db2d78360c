/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

/** A setting is missing, unreadable or contradicts another one. Stops the start. */
public final class InvalidSettingException extends RuntimeException {

  private final String variable;
  private final String reason;

  /**
   * @param variable the environment variable a person has to look at, such as {@code
   *     ROWLOCK_ISSUER}
   * @param reason what is wrong and what to set instead; never repeats a secret
   */
  public InvalidSettingException(String variable, String reason) {
    super(variable + " " + reason);
    this.variable = variable;
    this.reason = reason;
  }

  /** The environment variable a person has to look at. */
  public String variable() {
    return variable;
  }

  /** What is wrong and what to set instead. */
  public String reason() {
    return reason;
  }
}
