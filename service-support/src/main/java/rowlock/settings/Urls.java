/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/** Validates URLs in settings. */
public final class Urls {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private Urls() {}

  /**
   * Parses an absolute http(s) URL without user, query or fragment (RFC 8414 §2). Plain http is
   * allowed for loopback addresses only, unless {@code insecureHttp} is set.
   */
  public static URI check(String variable, String value, String example, boolean insecureHttp) {
    var url = parse(variable, value, example);
    if (!isHttp(url)) {
      throw new InvalidSettingException(
          variable, "must be an absolute http(s) URL such as " + example + ".");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null || url.getUserInfo() != null) {
      throw new InvalidSettingException(
          variable, "must have no user, query or fragment: write it like " + example + ".");
    }
    if (!isSafe(url, insecureHttp)) {
      throw new InvalidSettingException(
          variable,
          "is plain http to another machine, where responses can be read and modified in transit."
              + " Use https, or set ROWLOCK_HTTP_ALLOWED=true inside a trusted network.");
    }
    return url;
  }

  /** Returns whether the URL is https, is on the loopback interface, or plain http is allowed. */
  public static boolean isSafe(URI url, boolean insecureHttp) {
    return isHttp(url)
        && (url.getScheme().equalsIgnoreCase("https")
            || insecureHttp
            || LOOPBACK.contains(url.getHost().toLowerCase(Locale.ROOT)));
  }

  private static boolean isHttp(URI url) {
    return url.getHost() != null
        && ("https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme()));
  }

  private static URI parse(String variable, String value, String example) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw new InvalidSettingException(variable, "is not a URL: write it like " + example + ".");
    }
  }
}
