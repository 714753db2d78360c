/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.authentication.ConfigurableAuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/**
 * Common parts of the factories of flow steps, as the admin console shows them. The kind of step is
 * a separate interface.
 */
public abstract class FlowStepFactory
    implements ConfigurableAuthenticatorFactory, ServerInfoAwareProviderFactory {
  private final String id;
  private final String display;
  private final String help;

  /**
   * Creates a factory.
   *
   * @param id never changes: realms name it
   * @param display name in the admin console
   * @param help purpose of the step, and its place in a flow
   */
  protected FlowStepFactory(String id, String display, String help) {
    this.id = id;
    this.display = display;
    this.help = help;
  }

  /** Returns the provider id. */
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
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED, Requirement.DISABLED};
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return List.of();
  }

  @Override
  public boolean isConfigurable() {
    return !getConfigProperties().isEmpty();
  }

  @Override
  public @Nullable String getReferenceCategory() {
    return null;
  }

  @Override
  public boolean isUserSetupAllowed() {
    return false;
  }

  @Override
  public Map<String, String> getOperationalInfo() {
    return ExtensionVersion.asOperationalInfo();
  }

  /** Does nothing. */
  public void init(Config.Scope config) {}

  /** Does nothing. */
  public void postInit(KeycloakSessionFactory factory) {}

  /** Does nothing. */
  public void close() {}
}
