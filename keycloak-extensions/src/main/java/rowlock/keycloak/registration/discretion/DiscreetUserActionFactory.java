/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import java.util.List;
import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormActionFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import rowlock.keycloak.support.FlowStepFactory;

/** The form action {@code rowlock-registration-user}, as the admin console shows it. */
public final class DiscreetUserActionFactory extends FlowStepFactory implements FormActionFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-registration-user";

  /** Used by the service loader. */
  public DiscreetUserActionFactory() {
    super(
        ID,
        "Registration User (discreet)",
        "Replaces \"Registration User Profile Creation\" and can hide which addresses have an account. Requires \"Registration Password (discreet)\" after it and \"Check Your Mail\" after the form.");
  }

  @Override
  public FormAction create(KeycloakSession session) {
    return new DiscreetUserAction();
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(DiscreetRegistration.HIDE)
        .label("Hide existing accounts")
        .helpText(
            "Shows the same page for addresses with and without an account. The mail either confirms a new account, whose"
                + " password its reader chooses, or mentions the existing one. Requires a mail server.")
        .type(ProviderConfigProperty.BOOLEAN_TYPE)
        .defaultValue(false)
        .add()
        .build();
  }
}
