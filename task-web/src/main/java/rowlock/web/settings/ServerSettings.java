/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.net.URI;
import java.util.Locale;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * Where this server listens and how browsers reach it.
 *
 * @param port public port, {@code ROWLOCK_WEB_PORT}, default 8000; 0 lets the system choose
 * @param managementPort port of health and metrics, {@code ROWLOCK_WEB_MANAGEMENT_PORT}, default
 *     8001
 * @param publicUrl the origin that stands in the address bar, without a slash at the end, {@code
 *     ROWLOCK_WEB_URL}, default {@code http://localhost:<port>}; nothing a request says can change
 *     it
 * @param bindAddress IP address that the public port is opened on, {@code ROWLOCK_BIND_ADDRESS},
 *     default 127.0.0.1
 * @param managementBindAddress the same for the port of health and metrics, {@code
 *     ROWLOCK_MANAGEMENT_BIND_ADDRESS}, default {@code bindAddress}
 */
public record ServerSettings(
    int port, int managementPort, URI publicUrl, String bindAddress, String managementBindAddress) {

  private static final String LOOPBACK = "127.0.0.1";

  /** Refuses what contradicts itself. */
  public ServerSettings {
    if (port == managementPort && port != 0) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_MANAGEMENT_PORT",
          "is the same as ROWLOCK_WEB_PORT (" + port + "). Metrics need a port of their own.");
    }
    if (!publicUrl.getRawPath().isEmpty()) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_URL",
          "has a path. Cookies that no neighbour can set belong to a whole host: write it like"
              + " https://tasks.example.org.");
    }
  }

  /** Whether browsers come by TLS. */
  public boolean isHttps() {
    return "https".equalsIgnoreCase(publicUrl.getScheme());
  }

  static ServerSettings from(Variables variables) {
    int port = variables.port("ROWLOCK_WEB_PORT", 8000);
    String given =
        variables.text("ROWLOCK_WEB_URL").orElse("http://localhost:" + (port == 0 ? 8000 : port));
    // Plain http to another host cannot be tolerated: no browser would keep the session's cookie.
    URI checked = Urls.check("ROWLOCK_WEB_URL", given, "https://tasks.example.org", false);
    String bindAddress = variables.address("ROWLOCK_BIND_ADDRESS", LOOPBACK);
    return new ServerSettings(
        port,
        variables.port("ROWLOCK_WEB_MANAGEMENT_PORT", 8001),
        origin(checked),
        bindAddress,
        variables.address("ROWLOCK_MANAGEMENT_BIND_ADDRESS", bindAddress));
  }

  /** As browsers write it in the header Origin (RFC 6454 section 6.2). */
  private static URI origin(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String path = url.getRawPath().equals("/") ? "" : url.getRawPath();
    return URI.create(
        scheme
            + "://"
            + url.getHost().toLowerCase(Locale.ROOT)
            + (url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort())
            + path);
  }
}
