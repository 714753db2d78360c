/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** Validates addresses and networks in settings. */
public final class Networks {
  /** Literals only: a host name depends on the DNS, and short forms such as 10.1 are ambiguous. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "(?<address>[0-9]+(?:\\.[0-9]+){3}|[0-9a-fA-F.]*+:[0-9a-fA-F:.]*+)(?:/(?<bits>[0-9]{1,3}))?");

  private Networks() {}

  /**
   * Checks one address, or network in the notation of RFC 4632 §3.1, of a trusted proxy.
   *
   * @throws InvalidSettingException if it is neither, or contains all addresses
   */
  public static void checkProxy(String variable, String network) {
    var parts = NETWORK.matcher(network);
    if (!parts.matches()) {
      throw notANetwork(variable);
    }
    var maxBits = bits(variable, parts.group("address"));
    var bits = parts.group("bits");
    if (bits != null && Integer.parseInt(bits) > maxBits) {
      throw notANetwork(variable);
    }
    if (bits != null && Integer.parseInt(bits) == 0) {
      throw new InvalidSettingException(
          variable,
          "trusts every address, so that every client could choose its address. Name your"
              + " proxies only.");
    }
  }

  private static int bits(String variable, String address) {
    try {
      return InetAddress.ofLiteral(address).getAddress().length * Byte.SIZE;
    } catch (IllegalArgumentException e) {
      throw notANetwork(variable);
    }
  }

  private static InvalidSettingException notANetwork(String variable) {
    return new InvalidSettingException(
        variable,
        "must be addresses and networks, separated by commas, such as 10.0.0.7,192.168.3.0/24.");
  }
}
