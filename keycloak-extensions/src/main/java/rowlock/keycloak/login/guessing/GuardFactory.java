/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ServerInfoAwareProviderFactory;
import rowlock.keycloak.support.ExtensionVersion;

/** What the steps have in common, as the console shows them. */
abstract class GuardFactory implements AuthenticatorFactory, ServerInfoAwareProviderFactory {
  private static final Requirement[] REQUIREMENTS = {
    Requirement.REQUIRED, Requirement.ALTERNATIVE, Requirement.DISABLED
  };

  private final String id;
  private final String display;
  private final String help;

  GuardFactory(String id, String display, String help) {
    this.id = id;
    this.display = display;
    this.help = help;
  }

  /** The server's own step of that id. */
  static Authenticator stock(KeycloakSession session, String id) {
    return Objects.requireNonNull(session.getProvider(Authenticator.class, id), id);
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public String getDisplayType() {
    return display;
  }

  @Override
  public String getHelpText() {
    return help;
  }

  @Override
  public @Nullable String getReferenceCategory() {
    return null;
  }

  @Override
  public boolean isConfigurable() {
    return !getConfigProperties().isEmpty();
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return REQUIREMENTS.clone();
  }

  @Override
  public boolean isUserSetupAllowed() {
    return false;
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return List.of();
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    return ExtensionVersion.asOperationalInfo();
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
