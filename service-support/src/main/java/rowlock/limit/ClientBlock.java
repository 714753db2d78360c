/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that one party certainly holds together: a single IPv4 address, or the IPv6 network
 * that a provider gives to one line (/64) or one site (/48), out of which it may take any address.
 *
 * @param prefix the leading bits, the others zero
 * @param bits how many of them there are; 32 for an IPv4 address, 0 when the address is unknown
 */
public record ClientBlock(long prefix, int bits) {

  private static final ClientBlock UNKNOWN = new ClientBlock(0, 0);

  /** Returns the block of an address; a text that is none belongs to one block of its own. */
  public static ClientBlock of(@Nullable String address) {
    InetAddress parsed = address == null ? null : ClientAddress.parse(address);
    if (parsed == null) {
      return UNKNOWN;
    }
    ByteBuffer bytes = ByteBuffer.wrap(parsed.getAddress());
    return parsed instanceof Inet6Address
        ? new ClientBlock(bytes.getLong(), 64)
        : new ClientBlock(bytes.getInt(), 32);
  }

  boolean isIpv6() {
    return bits == 64;
  }

  /** The site that the line belongs to. */
  ClientBlock site() {
    return new ClientBlock(prefix & 0xffff_ffff_ffff_0000L, 48);
  }
}
