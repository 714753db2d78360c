/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Networks in CIDR notation (RFC 4632). Thread-safe. */
public final class NetworkList {
  /** Characters of an IPv6 address with an IPv4 tail (RFC 4291 §2.2). */
  private static final int MAX_LENGTH = 45;

  private static final Pattern LITERAL =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*+:[0-9a-fA-F:.]*+");

  private final List<Network> networks;

  private NetworkList(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Parses a comma-separated list; null or blank: no network.
   *
   * @throws IllegalArgumentException naming the invalid entry
   */
  public static NetworkList parse(String setting, @Nullable String list) {
    var networks = new ArrayList<Network>();
    for (var entry : list == null || list.isBlank() ? new String[0] : list.split(",", -1)) {
      var parts = entry.strip().split("/", -1);
      var base = literal(parts[0]);
      var bits = base == null ? 0 : base.length * Byte.SIZE;
      if (base == null
          || parts.length > 2
          || (parts.length == 2
              && (!parts[1].matches("[0-9]{1,3}") || Integer.parseInt(parts[1]) > bits))) {
        throw new IllegalArgumentException(
            setting
                + " must hold networks such as 192.0.2.0/24 or 2001:db8::/32; this is none: "
                + entry);
      }
      networks.add(new Network(base, parts.length == 2 ? Integer.parseInt(parts[1]) : bits));
    }
    return new NetworkList(networks);
  }

  /**
   * Returns whether an address is in one of the networks.
   *
   * @param address as for {@link ClientNetwork#of}; a text that is not an address is in none
   */
  public boolean contains(@Nullable String address) {
    var bytes = address == null ? null : literal(address.replaceFirst("%.*", ""));
    return bytes != null && networks.stream().anyMatch(network -> network.contains(bytes));
  }

  /** Parses a literal without a look-up in the DNS. */
  private static byte @Nullable [] literal(String text) {
    if (text.length() > MAX_LENGTH || !LITERAL.matcher(text).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static final class Network {
    private final byte[] base;
    private final int prefix;

    Network(byte[] base, int prefix) {
      this.base = base;
      this.prefix = prefix;
    }

    boolean contains(byte[] address) {
      if (address.length != base.length) {
        return false;
      }
      for (var bit = 0; bit < prefix; bit++) {
        var mask = 0x80 >> (bit % Byte.SIZE);
        if (((address[bit / Byte.SIZE] ^ base[bit / Byte.SIZE]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
