/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules every address and network among the settings must keep. */
public final class Networks {

  /** No names, which somebody else could resolve; no short forms, which few people can read. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "(?<address>[0-9]+(?:\\.[0-9]+){3}|[0-9a-fA-F.]*+:[0-9a-fA-F:.]*+)(?:/(?<bits>[0-9]{1,3}))?");

  private Networks() {}

  /**
   * Checks one address, or network in the notation of RFC 4632 section 3.1, of proxies that are
   * believed.
   *
   * @throws InvalidSettingException if it is neither, or the network of everybody
   */
  public static void checkProxy(String variable, String network) {
    Matcher parts = NETWORK.matcher(network);
    if (!parts.matches()) {
      throw notANetwork(variable);
    }
    int longest = bits(variable, parts.group("address"));
    String bits = parts.group("bits");
    if (bits != null && Integer.parseInt(bits) > longest) {
      throw notANetwork(variable);
    }
    if (bits != null && Integer.parseInt(bits) == 0) {
      throw new InvalidSettingException(
          variable,
          "trusts every address, so that every client could call itself as it likes. Name your"
              + " proxies only.");
    }
  }

  private static int bits(String variable, String address) {
    try {
      return InetAddress.ofLiteral(address).getAddress().length * Byte.SIZE;
    } catch (IllegalArgumentException neither) {
      throw notANetwork(variable);
    }
  }

  private static InvalidSettingException notANetwork(String variable) {
    return new InvalidSettingException(
        variable,
        "must be addresses and networks, separated by commas, such as 10.0.0.7,192.168.3.0/24.");
  }
}
