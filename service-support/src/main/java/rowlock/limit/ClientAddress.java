/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Enumeration;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the peer of the connection, or, where that is a trusted proxy, the
 * client it speaks for. Tomcat's and Spring's own ways ask the DNS for names that a client has put
 * into the header, or believe more of it than an address.
 */
public final class ClientAddress {

  /** The longest IPv6 address, with an IPv4 tail. */
  private static final int MAX_LITERAL = 45;

  // Four numbers, or something with a colon: the parser would also take 10.1 for 10.0.0.1.
  private static final Pattern LITERAL =
      Pattern.compile("[0-9]+(?:\\.[0-9]+){3}|[0-9a-f.]*+:[0-9a-f:.]*+");

  private final Predicate<InetAddress> trusted;

  /**
   * Makes a reader of {@code X-Forwarded-For}.
   *
   * @param trusted whether an address is a trusted proxy's
   */
  public ClientAddress(Predicate<InetAddress> trusted) {
    this.trusted = trusted;
  }

  /** Whether this peer may speak for others. */
  public boolean trusts(String peer) {
    InetAddress parsed = parse(peer);
    return parsed != null && trusted.test(parsed);
  }

  /** Whether the peer is inside of somebody's network, as a proxy of one's own would be. */
  public static boolean isPrivate(String peer) {
    InetAddress parsed = parse(peer);
    return parsed != null
        && (parsed.isLoopbackAddress()
            || parsed.isSiteLocalAddress()
            || parsed.isLinkLocalAddress()
            || (parsed instanceof Inet6Address && (parsed.getAddress()[0] & 0xfe) == 0xfc));
  }

  /**
   * The first hop, seen from here, that is no trusted proxy. What is no address ends the search:
   * the hop in front of it is the last one that somebody trusted has vouched for.
   *
   * @param peer the other end of the connection
   * @param forwarded the lines of {@code X-Forwarded-For}: client, first proxy, second proxy ...
   * @return an address in its canonical spelling
   */
  public String of(String peer, Enumeration<String> forwarded) {
    InetAddress client = parse(peer);
    if (client == null || !forwarded.hasMoreElements() || !trusted.test(client)) {
      return peer;
    }
    // Tomcat returns null for an invalid line, which is no address
    StringBuilder lines = new StringBuilder().append(forwarded.nextElement());
    while (forwarded.hasMoreElements()) {
      lines.append(',').append(forwarded.nextElement());
    }
    int end = lines.length();
    while (end >= 0 && trusted.test(client)) {
      int comma = lines.lastIndexOf(",", end - 1);
      InetAddress hop = parse(withoutPort(lines.substring(comma + 1, end).strip()));
      if (hop == null) {
        break;
      }
      client = hop;
      end = comma;
    }
    return client.getHostAddress();
  }

  /**
   * Reads an address as it is written, and never asks the DNS.
   *
   * @return null when the text is no IPv4 or IPv6 address
   */
  public static @Nullable InetAddress parse(String text) {
    int zone = text.indexOf('%');
    String address = (zone < 0 ? text : text.substring(0, zone)).toLowerCase(Locale.ROOT);
    if (address.length() > MAX_LITERAL || !LITERAL.matcher(address).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }

  /** Some proxies write {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
