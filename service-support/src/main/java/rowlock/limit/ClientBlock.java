/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that belong to one customer: a single IPv4 address, or the IPv6 network that a
 * provider assigns to one subscriber (/64) or one site (/48).
 *
 * @param prefix the leading bits, the others zero
 * @param bits how many of them there are; 32 for an IPv4 address, 0 when the address is unknown
 */
public record ClientBlock(long prefix, int bits) {

  private static final ClientBlock UNKNOWN = new ClientBlock(0, 0);

  /** Returns the block of an address. All texts that are not addresses share one block. */
  public static ClientBlock of(@Nullable String address) {
    InetAddress parsed = address == null ? null : ClientAddress.parse(address);
    if (parsed == null) {
      return UNKNOWN;
    }
    var bytes = ByteBuffer.wrap(parsed.getAddress());
    return parsed instanceof Inet6Address
        ? new ClientBlock(bytes.getLong(), 64)
        : new ClientBlock(bytes.getInt(), 32);
  }

  boolean isIpv6() {
    return bits == 64;
  }

  /** Returns the site (/48) of the network. */
  ClientBlock site() {
    return new ClientBlock(prefix & 0xffff_ffff_ffff_0000L, 48);
  }
}
