/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a peer address that belongs to one customer: an IPv4 address, or the first 64 bits of
 * an IPv6 address (RFC 6177: the smallest usual assignment). An IPv4 address in IPv6 notation,
 * mapped (RFC 4291 §2.5.5.2) or translated (RFC 6052 §2.1), counts as the IPv4 address.
 */
public final class ClientNetwork {
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F]*+:[0-9a-fA-F:.]*+(%.*)?");

  /** Length of an IPv6 address with an IPv4 tail, brackets and an interface name. */
  private static final int MAX_LENGTH = 80;

  private static final int NETWORK_BYTES = 8;
  private static final int SITE_BYTES = 6;
  private static final String NETWORK_SUFFIX = "/64";
  private static final byte[] TRANSLATED = HexFormat.of().parseHex("0064ff9b0000000000000000");

  private ClientNetwork() {}

  /**
   * Returns the key of a budget.
   *
   * @param address from {@code ClientConnection.getRemoteHost}, which applies the server's proxy
   *     settings; a text that is not an address is its own key; all texts longer than {@value
   *     #MAX_LENGTH} characters share one key
   */
  public static String of(@Nullable String address) {
    if (address == null) {
      return "";
    }
    if (address.length() > MAX_LENGTH) {
      return "";
    }
    var literal = address.replaceFirst("^\\[(.*)]$", "$1");
    // any other text would be looked up in the DNS
    if (!V4.matcher(literal).matches() && !V6.matcher(literal).matches()) {
      return address;
    }
    try {
      var parsed = InetAddress.getByName(literal.replaceFirst("%.*", ""));
      if (parsed instanceof Inet4Address) {
        return parsed.getHostAddress();
      }
      return parsed instanceof Inet6Address ? network(parsed.getAddress()) : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }

  /** Returns the site (/48) of an IPv6 address, or null for IPv4. */
  public static @Nullable String siteOf(@Nullable String address) {
    var network = of(address);
    return network.endsWith(NETWORK_SUFFIX) ? network.substring(0, 2 * SITE_BYTES) + "/48" : null;
  }

  private static String network(byte[] address) throws UnknownHostException {
    if (Arrays.equals(address, 0, TRANSLATED.length, TRANSLATED, 0, TRANSLATED.length)) {
      var embedded = Arrays.copyOfRange(address, TRANSLATED.length, address.length);
      return InetAddress.getByAddress(embedded).getHostAddress();
    }
    return HexFormat.of().formatHex(address, 0, NETWORK_BYTES) + NETWORK_SUFFIX;
  }
}
