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
 * Determines the address of a client: the peer of the connection, or the client that a trusted
 * proxy names. Tomcat's and Spring's implementations resolve host names from the header, or accept
 * more of it than an address.
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

  /** Returns whether this peer is a trusted proxy. */
  public boolean trusts(String peer) {
    var parsed = parse(peer);
    return parsed != null && trusted.test(parsed);
  }

  /** Returns whether the peer address is private, as that of an own proxy would be. */
  public static boolean isPrivate(String peer) {
    var parsed = parse(peer);
    return parsed != null
        && (parsed.isLoopbackAddress()
            || parsed.isSiteLocalAddress()
            || parsed.isLinkLocalAddress()
            || (parsed instanceof Inet6Address && (parsed.getAddress()[0] & 0xfe) == 0xfc));
  }

  /**
   * Returns the nearest hop that is not a trusted proxy. A value that is not an address ends the
   * search: the hop before it is the last one that a trusted proxy reported.
   *
   * @param peer the other end of the connection
   * @param forwarded the lines of {@code X-Forwarded-For}: client, first proxy, second proxy ...
   * @return an address in its canonical spelling
   */
  public String of(String peer, Enumeration<String> forwarded) {
    var client = parse(peer);
    if (client == null || !forwarded.hasMoreElements() || !trusted.test(client)) {
      return peer;
    }
    // Tomcat returns null for an invalid line, which is no address
    var lines = new StringBuilder().append(forwarded.nextElement());
    while (forwarded.hasMoreElements()) {
      lines.append(',').append(forwarded.nextElement());
    }
    var end = lines.length();
    while (end >= 0 && trusted.test(client)) {
      var comma = lines.lastIndexOf(",", end - 1);
      var hop = parse(withoutPort(lines.substring(comma + 1, end).strip()));
      if (hop == null) {
        break;
      }
      client = hop;
      end = comma;
    }
    return client.getHostAddress();
  }

  /**
   * Parses an address literal. Never queries the DNS.
   *
   * @return null when the text is no IPv4 or IPv6 address
   */
  public static @Nullable InetAddress parse(String text) {
    var zone = text.indexOf('%');
    var address = (zone < 0 ? text : text.substring(0, zone)).toLowerCase(Locale.ROOT);
    if (address.length() > MAX_LITERAL || !LITERAL.matcher(address).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Removes the port that some proxies add: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      var end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    var colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
