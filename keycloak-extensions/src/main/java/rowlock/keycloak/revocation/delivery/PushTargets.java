/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rowlock.keycloak.budget.NetworkList;

/**
 * The hosts that events may be pushed to, an option of the server: an administrator of a realm must
 * not make the server call addresses that only the server reaches. The list has host names,
 * networks, and the word {@code public} for all addresses of the internet.
 *
 * <p>{@link #resolve} is the only look-up of a push, so that an answer of the DNS that changes
 * between a check and the connection has no effect. Immutable.
 */
public final class PushTargets {
  /** The option of the server. */
  public static final String OPTION = "spi-events-listener--rowlock-revocation--push-targets";

  /** All addresses that are reachable from everywhere (RFC 6890). */
  static final String PUBLIC = "public";

  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9_-]{0,62})(\\.[a-z0-9]([a-z0-9_-]{0,62}))*+");

  /** A literal in any notation that a resolver accepts, such as {@code 127.1} or {@code 0x7f.1}. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "[0-9a-f]*+:[0-9a-f:.]*+(%.*)?|(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*+");

  /** Networks that are not the internet: RFC 6890 and its updates, without IPv4-mapped ones. */
  private static final NetworkList SPECIAL =
      NetworkList.parse(
          PUBLIC,
          String.join(
              ",",
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3"));

  /** The unicast addresses of the internet (RFC 4291 §2.4); all others are special. */
  private static final NetworkList GLOBAL_V6 = NetworkList.parse(PUBLIC, "2000::/3");

  private static final NetworkList SPECIAL_V6 =
      NetworkList.parse(PUBLIC, "2001::/23,2001:db8::/32,2002::/16,3fff::/20");

  /** Addresses that a listed name must not stand for: only a listed network admits them. */
  private static final NetworkList NEVER_BY_NAME =
      NetworkList.parse(
          PUBLIC, "0.0.0.0/8,169.254.0.0/16,224.0.0.0/3,::/128,fe80::/10,fec0::/10,ff00::/8");

  private static final byte[] TRANSLATED = HexFormat.of().parseHex("0064ff9b0000000000000000");

  private final boolean isPublicAllowed;
  private final Set<String> names;
  private final @Nullable NetworkList networks;

  private final Resolver resolver;

  private PushTargets(
      boolean isPublicAllowed,
      Set<String> names,
      @Nullable NetworkList networks,
      Resolver resolver) {
    this.isPublicAllowed = isPublicAllowed;
    this.names = Set.copyOf(names);
    this.networks = networks;
    this.resolver = resolver;
  }

  /** Looks up the addresses of a host. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** Returns the same targets with another look-up. */
  PushTargets with(Resolver other) {
    return new PushTargets(isPublicAllowed, names, networks, other);
  }

  /** A push that was not sent, because its target is not allowed. */
  static final class BlockedException extends UnknownHostException {
    private static final long serialVersionUID = 1;

    BlockedException(String message) {
      super(message);
    }
  }

  /**
   * Parses a comma-separated list; null or blank: {@code public}.
   *
   * @throws IllegalArgumentException naming the invalid entry
   */
  public static PushTargets parse(String setting, @Nullable String list) {
    if (list == null || list.isBlank()) {
      return new PushTargets(true, Set.of(), null, InetAddress::getAllByName);
    }
    var isPublicAllowed = false;
    var names = new HashSet<String>();
    var networks = new ArrayList<String>();
    for (var entry : list.split(",", -1)) {
      var target = canonical(entry.strip());
      if (target.equals(PUBLIC)) {
        isPublicAllowed = true;
      } else if (target.contains("/") || LITERAL.matcher(target).matches()) {
        networks.add(target);
      } else if (NAME.matcher(target).matches()) {
        names.add(target);
      } else {
        throw new IllegalArgumentException(
            setting
                + " must hold host names, networks such as 10.1.2.0/24, or the word public; this is none: "
                + entry);
      }
    }
    return new PushTargets(
        isPublicAllowed,
        names,
        networks.isEmpty() ? null : NetworkList.parse(setting, String.join(",", networks)),
        InetAddress::getAllByName);
  }

  /**
   * Returns the addresses of a host, all of which are allowed.
   *
   * @throws BlockedException if one of them is not
   * @throws UnknownHostException if there are none
   */
  InetAddress[] resolve(String host) throws UnknownHostException {
    var addresses = resolver.resolve(host);
    for (var address : addresses) {
      if (!isAllowed(host, address)) {
        // names no address, so that an administrator of a realm does not learn internal ones
        throw new BlockedException(host + " is not an allowed push target");
      }
    }
    return addresses;
  }

  /** Returns whether events may be pushed to an address of a host. */
  boolean isAllowed(String host, InetAddress address) {
    var literal = withoutScope(address);
    var isListed = networks != null && networks.contains(literal);
    var isNamed = names.contains(canonical(host)) && !NEVER_BY_NAME.contains(literal);
    return isListed || isNamed || (isPublicAllowed && isPublic(address));
  }

  /**
   * Returns whether a URL can be allowed, without a look-up: false for an address that is not, and
   * for a name that is not listed where no address is allowed by itself.
   */
  boolean mayAllow(URI url) {
    var host = canonical(url.getHost().replaceFirst("^\\[(.*)]$", "$1"));
    if (!LITERAL.matcher(host).matches()) {
      return names.contains(host) || isPublicAllowed || networks != null;
    }
    try {
      // a literal is not looked up
      return Stream.of(InetAddress.getAllByName(host))
          .allMatch(address -> isAllowed(host, address));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isPublic(InetAddress address) {
    var embedded = embedded(address);
    if (embedded != null) {
      return isPublic(embedded);
    }
    var literal = withoutScope(address);
    return address instanceof Inet6Address
        ? GLOBAL_V6.contains(literal) && !SPECIAL_V6.contains(literal)
        : !SPECIAL.contains(literal);
  }

  /** Returns the IPv4 address that a gateway translates an IPv6 address to (RFC 6052), or null. */
  private static @Nullable InetAddress embedded(InetAddress address) {
    var bytes = address.getAddress();
    if (!(address instanceof Inet6Address)
        || !Arrays.equals(bytes, 0, TRANSLATED.length, TRANSLATED, 0, TRANSLATED.length)) {
      return null;
    }
    try {
      return InetAddress.getByAddress(
          Arrays.copyOfRange(bytes, bytes.length - Integer.BYTES, bytes.length));
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String withoutScope(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "");
  }

  /** Returns a name in lower case, without the dot of the root. */
  private static String canonical(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
  }
}
