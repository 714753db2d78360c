/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

/** The version of this jar, as the admin console shows it under "Server info", "Provider info". */
public final class ExtensionVersion {
  private static final String RESOURCE = "/rowlock/keycloak/version.properties";

  private ExtensionVersion() {}

  /**
   * For {@code ServerInfoAwareProviderFactory.getOperationalInfo}.
   *
   * @return one entry, {@code Version}
   */
  public static Map<String, String> asOperationalInfo() {
    var properties = new Properties();
    try (var in = ExtensionVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The jar is damaged", e);
    }
    return Map.of("Version", properties.getProperty("version"));
  }
}
