/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a request as the client knows it: the public URL of this API and the path of the
 * request. Ignores the headers Host, Forwarded and X-Forwarded-*, so no proxy has to be trusted for
 * them.
 */
final class TargetUri {
  private final String publicUrl;

  /**
   * @param publicUrl the address clients use, without a slash at the end
   */
  TargetUri(URI publicUrl) {
    this.publicUrl = publicUrl.toString();
  }

  /**
   * Returns whether {@code htu} names the target (RFC 9449 §4.3, step 9). Ignores query and
   * fragment, and normalizes both.
   *
   * @param path path of the request target, as sent, without the query
   */
  boolean isNamedBy(String htu, String path) {
    var target = publicUrl + path;
    if (htu.equals(target)) {
      return true; // the usual case
    }
    var named = normalized(htu);
    return named != null && named.equals(normalized(target));
  }

  /** Normalizes a URI (RFC 3986 §6.2.2 and §6.2.3); null if it is not an absolute http(s) URI. */
  private static @Nullable String normalized(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
    if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
      return null;
    }
    var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    var defaultPort = scheme.equals("https") ? 443 : scheme.equals("http") ? 80 : 0;
    if (defaultPort == 0) {
      return null;
    }
    var port = uri.getPort() < 0 || uri.getPort() == defaultPort ? "" : ":" + uri.getPort();
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    return scheme + "://" + host + port + withoutDots(withPlainEscapes(uri.getRawPath()));
  }

  /**
   * Normalizes escapes: upper case, and none for unreserved characters (RFC 3986 sections
   * 6.2.2.1-2).
   */
  private static String withPlainEscapes(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    var plain = new StringBuilder(path.length());
    for (var i = 0; i < path.length(); i++) {
      var c = path.charAt(i);
      if (c != '%') {
        plain.append(c);
        continue;
      }
      var octet = Integer.parseInt(path, i + 1, i + 3, 16); // the URI's parser has seen two digits
      if (isUnreserved(octet)) {
        plain.append((char) octet);
      } else {
        plain.append('%').append(path.substring(i + 1, i + 3).toUpperCase(Locale.ROOT));
      }
      i += 2;
    }
    return plain.toString();
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c != 0 && "-._~".indexOf(c) >= 0);
  }

  /** Removes dot segments (RFC 3986 §5.2.4). The empty path is the root (section 6.2.3). */
  private static String withoutDots(String path) {
    if (path.isEmpty()) {
      return "/";
    }
    if (!path.contains("/.")) {
      return path;
    }
    Deque<String> kept = new ArrayDeque<>();
    var segments = path.substring(1).split("/", -1);
    for (var i = 0; i < segments.length; i++) {
      var segment = segments[i];
      var dots = segment.equals(".") || segment.equals("..");
      if (segment.equals("..")) {
        kept.pollLast();
      }
      if (!dots) {
        kept.addLast(segment);
      } else if (i == segments.length - 1) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
