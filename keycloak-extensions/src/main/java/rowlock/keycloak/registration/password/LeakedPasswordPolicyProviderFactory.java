/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.policy.PasswordPolicyProvider;
import org.keycloak.policy.PasswordPolicyProviderFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import rowlock.keycloak.support.ExtensionFactory;
import rowlock.keycloak.support.ExtensionVersion;

/**
 * The password policy {@code leaked-password}. The files and services that it uses are settings of
 * the server, not of the realm: a realm administrator must not make the server read files or call
 * addresses.
 */
public final class LeakedPasswordPolicyProviderFactory
    implements PasswordPolicyProviderFactory, ExtensionFactory<PasswordPolicyProvider> {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "leaked-password";

  static final String FILE = "file";
  static final String RANGE_URL = "range-url";
  static final String RANGE_TIMEOUT = "range-timeout-millis";
  static final int DEFAULT_TIMEOUT = 1_000;

  private static final String OPTION = "spi-password-policy--leaked-password--";
  private static final int MAX_TIMEOUT = 10_000;

  private @Nullable LeakedPasswords passwords;

  @Override
  public void init(Config.Scope config) {
    passwords = LeakedPasswords.open(OPTION + FILE, config.get(FILE), range(config));
  }

  @Override
  public PasswordPolicyProvider create(KeycloakSession session) {
    return new LeakedPasswordPolicyProvider(session, passwords());
  }

  @Override
  public String getDisplayName() {
    return "Leaked Password";
  }

  /** The type of the value: further words that must not be a password. */
  @Override
  public String getConfigType() {
    return PasswordPolicyProvider.STRING_CONFIG_TYPE;
  }

  @Override
  public String getDefaultConfigValue() {
    return "";
  }

  @Override
  public boolean isMultiplSupported() {
    return false;
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(FILE)
        .type(ProviderConfigProperty.STRING_TYPE)
        .helpText(
            "Path of further leaked passwords: SHA-1 hashes in ascending order, HASH or HASH:COUNT on each line, or a filter created by"
                + " FilterTool. Reloaded after a change.")
        .add()
        .property()
        .name(RANGE_URL)
        .type(ProviderConfigProperty.STRING_TYPE)
        .helpText(
            "Address of a range look-up, to which the first five digits of the password's SHA-1 hash are appended, such as"
                + " https://api.pwnedpasswords.com/range/. Not set: no look-up.")
        .add()
        .property()
        .name(RANGE_TIMEOUT)
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(DEFAULT_TIMEOUT)
        .helpText("Timeout of the range look-up. After a timeout, the password is accepted.")
        .add()
        .build();
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    var info = new HashMap<>(ExtensionVersion.asOperationalInfo());
    info.put("Passwords", passwords().description());
    return info;
  }

  @Override
  public String getId() {
    return ID;
  }

  private LeakedPasswords passwords() {
    if (passwords == null) {
      throw new IllegalStateException("The factory is not initialized");
    }
    return passwords;
  }

  private static @Nullable RangeLookup range(Config.Scope config) {
    var url = config.get(RANGE_URL);
    if (url == null || url.isBlank()) {
      return null;
    }
    var timeout = config.getInt(RANGE_TIMEOUT, DEFAULT_TIMEOUT);
    if (timeout < 1 || timeout > MAX_TIMEOUT) {
      throw new IllegalArgumentException(
          OPTION + RANGE_TIMEOUT + " must be from 1 to " + MAX_TIMEOUT);
    }
    return new RangeLookup(address(url), Duration.ofMillis(timeout));
  }

  private static URI address(String url) {
    try {
      var address = new URI(url.endsWith("/") ? url : url + "/");
      if (address.getHost() != null
          && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
          && address.getRawQuery() == null
          && address.getRawFragment() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        OPTION
            + RANGE_URL
            + " must be an http or https address, such as https://api.pwnedpasswords.com/range/");
  }
}
