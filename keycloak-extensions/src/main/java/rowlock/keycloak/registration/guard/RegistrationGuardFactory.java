/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormActionFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import rowlock.keycloak.budget.ExemptNetworks;
import rowlock.keycloak.support.FlowStepFactory;

/** The form action {@code rowlock-registration-guard}, as the admin console shows it. */
public final class RegistrationGuardFactory extends FlowStepFactory implements FormActionFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-registration-guard";

  static final String EXEMPT = "exempt-networks";

  private static final String OPTION = "spi-form-action--rowlock-registration-guard--";

  private @Nullable ExemptNetworks exempt;

  /** Used by the service loader. */
  public RegistrationGuardFactory() {
    super(
        ID,
        "Registration Guard",
        "Keeps programs from signing up: a field that people do not see, a time that people need, a budget for each address."
            + " Put it first, in a form of the type \"Registration Page with Guard\".");
  }

  @Override
  public void init(Config.Scope config) {
    exempt = ExemptNetworks.parse(OPTION + EXEMPT, config.get(EXEMPT));
  }

  @Override
  public FormAction create(KeycloakSession session) {
    if (exempt == null) {
      throw new IllegalStateException("The server initialises a factory before it uses it");
    }
    return new RegistrationGuard(exempt);
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(GuardConfig.SHORTEST)
        .label("Shortest time in seconds")
        .helpText(
            "Who sends the form sooner is a program, 0 to "
                + GuardConfig.LONGEST_SHORTEST
                + ". 0: no such check.")
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(GuardConfig.DEFAULT_SHORTEST)
        .add()
        .property()
        .name(GuardConfig.LIMIT)
        .label("Tries per address")
        .helpText(
            "How often one IPv4 address, or one IPv6 network (/64), may send the form, at once and in each window; ten times as often for an IPv6 site (/48). 1 to "
                + GuardConfig.LARGEST_LIMIT
                + ".")
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(GuardConfig.DEFAULT_LIMIT)
        .add()
        .property()
        .name(GuardConfig.WINDOW)
        .label("Window in minutes")
        .helpText(
            "In which the tries come back, one after the other; 1 to "
                + GuardConfig.LONGEST_WINDOW
                + ".")
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(GuardConfig.DEFAULT_WINDOW)
        .add()
        .build();
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(EXEMPT)
        .type(ProviderConfigProperty.STRING_TYPE)
        .helpText("Networks that are not guarded, separated by commas, such as 192.0.2.0/24.")
        .add()
        .build();
  }
}
