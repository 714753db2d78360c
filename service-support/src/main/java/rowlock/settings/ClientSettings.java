/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.util.List;

/**
 * Settings for trusted proxies and for the limits of refused requests.
 *
 * @param trustedProxies addresses and networks (CIDR) of proxies whose {@code X-Forwarded-For} is
 *     believed, {@code ROWLOCK_TRUSTED_PROXIES}; empty, the default: no header is believed
 * @param failuresPerMinute failed authentications that one client address may cause, {@code
 *     ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE}, default 1,000
 * @param logLinesPerMinute lines of the security log, {@code
 *     ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE}, default 600
 */
public record ClientSettings(
    List<String> trustedProxies, int failuresPerMinute, int logLinesPerMinute) {

  // Sufficient for many users behind one address whose tokens expire while their laptops sleep.
  private static final int DEFAULT_FAILURES = 1_000;
  // A line has at most 350 bytes, so this is at most 300 MB a day.
  private static final int DEFAULT_LOG_LINES = 600;
  private static final int MAX_PER_MINUTE = 10_000_000;

  /** Rejects invalid values. */
  public ClientSettings {
    trustedProxies = List.copyOf(trustedProxies);
    trustedProxies.forEach(network -> Networks.checkProxy("ROWLOCK_TRUSTED_PROXIES", network));
    checkPerMinute("ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE", failuresPerMinute);
    checkPerMinute("ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE", logLinesPerMinute);
  }

  /**
   * Reads the settings.
   *
   * @throws InvalidSettingException if one is invalid
   */
  public static ClientSettings from(Variables variables) {
    return new ClientSettings(
        variables.names("ROWLOCK_TRUSTED_PROXIES", List.of()),
        variables.number("ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE", DEFAULT_FAILURES),
        variables.number("ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE", DEFAULT_LOG_LINES));
  }

  private static void checkPerMinute(String variable, int number) {
    if (number < 1 || number > MAX_PER_MINUTE) {
      throw new InvalidSettingException(
          variable, "must be a number a minute between 1 and " + MAX_PER_MINUTE + ".");
    }
  }
}
