/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.FormAuthenticator;
import org.keycloak.authentication.FormAuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;

/** The page {@code rowlock-registration-page}, as the console offers it for a form. */
public final class GuardedRegistrationPageFactory implements FormAuthenticatorFactory {
  /** The provider id. Never changes: realms name it. */
  static final String ID = "rowlock-registration-page";

  private static final Requirement[] CHOICES = {Requirement.REQUIRED, Requirement.DISABLED};

  @Override
  public FormAuthenticator create(KeycloakSession session) {
    return new GuardedRegistrationPage();
  }

  @Override
  public String getDisplayType() {
    return "Registration Page with Guard";
  }

  @Override
  public String getHelpText() {
    return "The registration page, with the fields that \"Registration Guard\" needs.";
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
  public List<ProviderConfigProperty> getConfigProperties() {
    return List.of();
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
