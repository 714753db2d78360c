/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * How clients are told apart, and what refusing them may cost.
 *
 * @param trustedProxies addresses and networks (CIDR) of proxies whose {@code X-Forwarded-For} is
 *     believed, {@code ROWLOCK_TRUSTED_PROXIES}; empty, the default: nobody's is
 * @param failuresPerMinute failed authentications that one client address may cause, {@code
 *     ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE}, default 1,000
 * @param logLinesPerMinute lines of the security log, {@code
 *     ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE}, default 600
 */
public record ClientSettings(
    List<String> trustedProxies, int failuresPerMinute, int logLinesPerMinute) {

  // Many people behind one address, whose tokens expire while their laptops sleep, stay far below.
  private static final int DEFAULT_FAILURES = 1_000;
  // At most 350 bytes each: 300 MB a day at the very worst.
  private static final int DEFAULT_LOG_LINES = 600;
  private static final int MAX_PER_MINUTE = 10_000_000;

  /** No names, which somebody else could resolve; no short forms, which few people can read. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "(?<address>[0-9]+(?:\\.[0-9]+){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)(?:/(?<bits>[0-9]{1,3}))?");

  /** Refuses what contradicts itself. */
  public ClientSettings {
    trustedProxies = List.copyOf(trustedProxies);
    trustedProxies.forEach(ClientSettings::checkNetwork);
    checkPerMinute("ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE", failuresPerMinute);
    checkPerMinute("ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE", logLinesPerMinute);
  }

  static ClientSettings from(Variables variables) {
    return new ClientSettings(
        variables.names("ROWLOCK_TRUSTED_PROXIES").orElse(List.of()),
        variables.number("ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE", DEFAULT_FAILURES),
        variables.number("ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE", DEFAULT_LOG_LINES));
  }

  private static void checkNetwork(String network) {
    Matcher parts = NETWORK.matcher(network);
    if (!parts.matches() || !isNetwork(network, parts.group("address"))) {
      throw new InvalidSettingException(
          "ROWLOCK_TRUSTED_PROXIES",
          "must be addresses and networks, separated by commas, such as 10.0.0.7,192.168.3.0/24.");
    }
    String bits = parts.group("bits");
    if (bits != null && Integer.parseInt(bits) == 0) {
      throw new InvalidSettingException(
          "ROWLOCK_TRUSTED_PROXIES",
          "trusts every address, so that every client could call itself as it likes. Name your"
              + " proxies only.");
    }
  }

  private static boolean isNetwork(String network, String address) {
    try {
      InetAddress.ofLiteral(address);
      new NetMask(network);
      return true;
    } catch (IllegalArgumentException neither) {
      return false;
    }
  }

  private static void checkPerMinute(String variable, int number) {
    if (number < 1 || number > MAX_PER_MINUTE) {
      throw new InvalidSettingException(
          variable, "must be a number a minute between 1 and " + MAX_PER_MINUTE + ".");
    }
  }
}
