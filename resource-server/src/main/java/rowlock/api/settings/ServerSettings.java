/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.net.URI;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * The addresses that this API listens on, and its public URL.
 *
 * @param port public port, {@code ROWLOCK_API_PORT}, default 8081; 0 lets the system choose
 * @param managementPort port of health and metrics, {@code ROWLOCK_API_MANAGEMENT_PORT}, default
 *     8082
 * @param publicUrl the address clients use, without a slash at the end, {@code ROWLOCK_PUBLIC_URL},
 *     default {@code http://localhost:<port>}; no request header changes it
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
          "ROWLOCK_API_MANAGEMENT_PORT",
          "is the same as ROWLOCK_API_PORT (" + port + "). Metrics need a port of their own.");
    }
  }

  static ServerSettings from(Variables variables) {
    var port = variables.port("ROWLOCK_API_PORT", 8081);
    var publicUrl =
        variables.text("ROWLOCK_PUBLIC_URL", "http://localhost:" + (port == 0 ? 8081 : port));
    // A proxy may use plain http in the internal network; nothing is fetched from this URL.
    var checked = Urls.check("ROWLOCK_PUBLIC_URL", publicUrl, "https://api.example.org", true);
    var text = checked.toString();
    var bindAddress = variables.address("ROWLOCK_BIND_ADDRESS", LOOPBACK);
    return new ServerSettings(
        port,
        variables.port("ROWLOCK_API_MANAGEMENT_PORT", 8082),
        text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : checked,
        bindAddress,
        variables.address("ROWLOCK_MANAGEMENT_BIND_ADDRESS", bindAddress));
  }
}
