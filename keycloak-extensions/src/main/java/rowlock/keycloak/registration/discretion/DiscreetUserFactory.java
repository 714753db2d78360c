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
public final class DiscreetUserFactory extends FlowStepFactory implements FormActionFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-registration-user";

  /** Used by the service loader. */
  public DiscreetUserFactory() {
    super(
        ID,
        "Registration User (discreet)",
        "Stands for \"Registration User Profile Creation\" and can hide which addresses have an account. Needs \"Registration Password (discreet)\" after it and \"Check Your Mail\" after the form.");
  }

  @Override
  public FormAction create(KeycloakSession session) {
    return new DiscreetUser();
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(Discretion.HIDE)
        .label("Hide existing accounts")
        .helpText(
            "The same answer for an address that has an account and for one that has none: look into your mail. Whoever reads it"
                + " confirms a new account and chooses its password, or is told of the one there is. Needs a mail server.")
        .type(ProviderConfigProperty.BOOLEAN_TYPE)
        .defaultValue(false)
        .add()
        .build();
  }
}
