/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;

/** Check Your Mail: {@code rowlock-check-your-mail}, as the console shows it. */
public final class CheckYourMailFactory implements AuthenticatorFactory {
  /** The provider id. Never changes: realms name it. */
  static final String ID = "rowlock-check-your-mail";

  private static final Requirement[] CHOICES = {Requirement.REQUIRED, Requirement.DISABLED};

  @Override
  public Authenticator create(KeycloakSession session) {
    return new CheckYourMail();
  }

  @Override
  public String getDisplayType() {
    return "Check Your Mail";
  }

  @Override
  public String getHelpText() {
    return "The last page of a registration while existing accounts are hidden. Put it after the registration form; otherwise it does nothing.";
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
