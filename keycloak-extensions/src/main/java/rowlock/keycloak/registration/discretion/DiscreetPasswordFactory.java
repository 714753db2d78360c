/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormActionFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;

/**
 * Registration Password (discreet): {@code rowlock-registration-password}, as the console shows it.
 */
public final class DiscreetPasswordFactory implements FormActionFactory {
  /** The provider id. Never changes: realms name it. */
  static final String ID = "rowlock-registration-password";

  private static final Requirement[] CHOICES = {Requirement.REQUIRED, Requirement.DISABLED};

  @Override
  public FormAction create(KeycloakSession session) {
    return new DiscreetPassword();
  }

  @Override
  public String getDisplayType() {
    return "Registration Password (discreet)";
  }

  @Override
  public String getHelpText() {
    return "Stands for \"Password Validation\". While existing accounts are hidden, the password is chosen by the reader of the mail.";
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return List.of();
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return CHOICES.clone();
  }

  @Override
  public boolean isConfigurable() {
    return false;
  }

  @Override
  @SuppressWarnings("NullAway") // the server's way of saying that there is none
  public String getReferenceCategory() {
    return null;
  }

  @Override
  public boolean isUserSetupAllowed() {
    return false;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
