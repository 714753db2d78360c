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
 * What all steps of our flows have in common, as the console shows them; the kind of step is an
 * interface of its own.
 */
public abstract class FlowStepFactory
    implements ConfigurableAuthenticatorFactory, ServerInfoAwareProviderFactory {
  private final String id;
  private final String display;
  private final String help;

  /**
   * A step.
   *
   * @param id never changes: realms name it
   * @param display its name in the console
   * @param help what it does, and where to put it
   */
  protected FlowStepFactory(String id, String display, String help) {
    this.id = id;
    this.display = display;
    this.help = help;
  }

  /** The id. */
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

  /** Needs nothing. */
  public void init(Config.Scope config) {}

  /** Needs nothing. */
  public void postInit(KeycloakSessionFactory factory) {}

  /** Holds nothing. */
  public void close() {}
}
