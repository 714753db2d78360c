/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import java.net.URI;
import java.util.Locale;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * Ports and addresses of this server.
 *
 * @param port public port, {@code ROWLOCK_WEB_PORT}, default 8000; 0 lets the system choose
 * @param managementPort port of health and metrics, {@code ROWLOCK_WEB_MANAGEMENT_PORT}, default
 *     8001
 * @param publicUrl origin in the browser's address bar, without a slash at the end, {@code
 *     ROWLOCK_WEB_URL}, default {@code http://localhost:<port>}; headers of a request do not change
 *     it
 * @param bindAddress IP address that the public port is opened on, {@code ROWLOCK_BIND_ADDRESS},
 *     default 127.0.0.1
 * @param managementBindAddress the same for the port of health and metrics, {@code
 *     ROWLOCK_MANAGEMENT_BIND_ADDRESS}, default {@code bindAddress}
 */
public record ServerSettings(
    int port, int managementPort, URI publicUrl, String bindAddress, String managementBindAddress) {

  private static final String LOOPBACK = "127.0.0.1";

  /** Rejects invalid values. */
  public ServerSettings {
    if (port == managementPort && port != 0) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_MANAGEMENT_PORT",
          "is the same as ROWLOCK_WEB_PORT (" + port + "). Metrics need a port of their own.");
    }
    if (!publicUrl.getRawPath().isEmpty()) {
      throw new InvalidSettingException(
          "ROWLOCK_WEB_URL",
          "has a path. Cookies with the prefix __Host- belong to a whole host: set it to an origin"
              + " such as https://tasks.example.org.");
    }
  }

  /** Returns whether browsers use https. */
  public boolean isHttps() {
    return "https".equalsIgnoreCase(publicUrl.getScheme());
  }

  static ServerSettings from(Variables variables) {
    var port = variables.port("ROWLOCK_WEB_PORT", 8000);
    var given = variables.text("ROWLOCK_WEB_URL", "http://localhost:" + (port == 0 ? 8000 : port));
    // http is allowed for this machine only: browsers reject Secure cookies of other hosts over
    // http
    var checked = Urls.check("ROWLOCK_WEB_URL", given, "https://tasks.example.org", false);
    var bindAddress = variables.address("ROWLOCK_BIND_ADDRESS", LOOPBACK);
    return new ServerSettings(
        port,
        variables.port("ROWLOCK_WEB_MANAGEMENT_PORT", 8001),
        origin(checked),
        bindAddress,
        variables.address("ROWLOCK_MANAGEMENT_BIND_ADDRESS", bindAddress));
  }

  /** Returns the origin as browsers serialize it in the header Origin (RFC 6454 §6.2). */
  private static URI origin(URI url) {
    var scheme = url.getScheme().toLowerCase(Locale.ROOT);
    var defaultPort = scheme.equals("https") ? 443 : 80;
    var path = url.getRawPath().equals("/") ? "" : url.getRawPath();
    return URI.create(
        scheme
            + "://"
            + url.getHost().toLowerCase(Locale.ROOT)
            + (url.getPort() < 0 || url.getPort() == defaultPort ? "" : ":" + url.getPort())
            + path);
  }
}
