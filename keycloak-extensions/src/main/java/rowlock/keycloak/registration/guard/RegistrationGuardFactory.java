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
import rowlock.keycloak.budget.NetworkList;
import rowlock.keycloak.support.FlowStepFactory;

/** The form action {@code rowlock-registration-guard}, as the admin console shows it. */
public final class RegistrationGuardFactory extends FlowStepFactory implements FormActionFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-registration-guard";

  static final String EXEMPT = "exempt-networks";

  private static final String OPTION = "spi-form-action--rowlock-registration-guard--";

  private @Nullable NetworkList exempt;

  /** Used by the service loader. */
  public RegistrationGuardFactory() {
    super(
        ID,
        "Registration Guard",
        "Rejects automated registration: an invisible field, a minimum time to fill in the form, and a limit for each address."
            + " Must be the first step of a form of the type \"Registration Page with Guard\".");
  }

  @Override
  public void init(Config.Scope config) {
    exempt = NetworkList.parse(OPTION + EXEMPT, config.get(EXEMPT));
  }

  @Override
  public FormAction create(KeycloakSession session) {
    if (exempt == null) {
      throw new IllegalStateException("The factory is not initialized");
    }
    return new RegistrationGuard(exempt);
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(GuardConfig.MIN_SECONDS)
        .label("Minimum time in seconds")
        .helpText(
            "A form that is submitted earlier is rejected. 0 to "
                + GuardConfig.MIN_SECONDS_LIMIT
                + "; 0 disables the check.")
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(GuardConfig.DEFAULT_MIN_SECONDS)
        .add()
        .property()
        .name(GuardConfig.LIMIT)
        .label("Attempts per address")
        .helpText(
            "Maximum number of submissions from one IPv4 address or IPv6 network (/64), at once and in each window; ten times as many for an IPv6 site (/48). 1 to "
                + GuardConfig.MAX_LIMIT
                + ".")
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(GuardConfig.DEFAULT_LIMIT)
        .add()
        .property()
        .name(GuardConfig.WINDOW)
        .label("Window in minutes")
        .helpText(
            "Time in which the attempts are restored, one after the other. 1 to "
                + GuardConfig.MAX_WINDOW_MINUTES
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
        .helpText("Comma-separated networks that are not limited, such as 192.0.2.0/24.")
        .add()
        .build();
  }
}
