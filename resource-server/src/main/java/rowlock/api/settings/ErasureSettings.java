/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.time.Duration;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * Retention of the rows of a removed account until they are erased. The rows are inaccessible from
 * the removal on, and are restored if the account exists again within the period. Zero erases them
 * together with the removal.
 *
 * @param retention {@code ROWLOCK_ERASURE_RETENTION}, default 7 days
 * @param retentionOfSelfDeleted the same for accounts that were deleted by their own user, {@code
 *     ROWLOCK_ERASURE_RETENTION_SELF_DELETED}, default {@code ROWLOCK_ERASURE_RETENTION}
 */
public record ErasureSettings(Duration retention, Duration retentionOfSelfDeleted) {

  private static final String RETENTION = "ROWLOCK_ERASURE_RETENTION";
  private static final String SELF_DELETED = "ROWLOCK_ERASURE_RETENTION_SELF_DELETED";
  private static final Duration DEFAULT = Duration.ofDays(7);
  private static final Duration MAXIMUM = Duration.ofDays(365);
  private static final String FORMAT =
      "must be 0 or a duration with its unit, at most 365d, such as 7d, 36h or P7D.";

  /** Rejects a negative period and one of more than a year. */
  public ErasureSettings {
    check(RETENTION, retention);
    check(SELF_DELETED, retentionOfSelfDeleted);
  }

  static ErasureSettings from(Variables variables) {
    var retention = period(variables, RETENTION, DEFAULT);
    return new ErasureSettings(retention, period(variables, SELF_DELETED, retention));
  }

  /** Rejects a number without a unit: it would be milliseconds, and 7 of them erase at once. */
  private static Duration period(Variables variables, String variable, Duration defaultValue) {
    var text = variables.text(variable);
    if (text == null) {
      return defaultValue;
    }
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.matches("[+-]?[0-9]+")) {
      throw new InvalidSettingException(variable, FORMAT);
    }
    try {
      return variables.duration(variable, defaultValue);
    } catch (InvalidSettingException e) {
      throw new InvalidSettingException(variable, FORMAT);
    }
  }

  private static void check(String variable, Duration period) {
    if (period.isNegative() || period.compareTo(MAXIMUM) > 0) {
      throw new InvalidSettingException(variable, FORMAT);
    }
  }
}
