/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;
import org.apache.catalina.util.NetMaskSet;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

/**
 * Who may say for whom a request is made.
 *
 * @param trusted addresses and networks (CIDR) of proxies whose {@code X-Forwarded-For} is passed
 *     on, {@code ROWLOCK_TRUSTED_PROXIES}; empty, the default: nobody's is
 */
public record ProxySettings(List<String> trusted) {

  private static final String VARIABLE = "ROWLOCK_TRUSTED_PROXIES";

  /** No names, which somebody else could resolve; no short forms, which few people can read. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "(?<address>[0-9]+(?:\\.[0-9]+){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)(?:/(?<bits>[0-9]{1,3}))?");

  /** Refuses what is no network, and a network of everybody. */
  public ProxySettings {
    trusted = List.copyOf(trusted);
    trusted.forEach(ProxySettings::check);
  }

  static ProxySettings from(Variables variables) {
    return new ProxySettings(variables.names(VARIABLE).orElse(List.of()));
  }

  /** The same, for looking up addresses. */
  public NetMaskSet networks() {
    NetMaskSet networks = new NetMaskSet();
    trusted.forEach(networks::add);
    return networks;
  }

  private static void check(String network) {
    Matcher parts = NETWORK.matcher(network);
    if (!parts.matches() || !isNetwork(network, parts.group("address"))) {
      throw new InvalidSettingException(
          VARIABLE,
          "must be addresses and networks, separated by commas, such as 10.0.0.7,192.168.3.0/24.");
    }
    String bits = parts.group("bits");
    if (bits != null && Integer.parseInt(bits) == 0) {
      throw new InvalidSettingException(
          VARIABLE,
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
}
