/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.List;
import java.util.Set;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import rowlock.keycloak.login.guessing.GuessLimits.Setting;

/**
 * The step {@code rowlock-password-form} of a browser flow; its configuration holds the limits of
 * the realm.
 */
public final class GuardedPasswordFormFactory extends GuardStepFactory {
  /** The provider id. Must not change: realms name it. */
  static final String ID = "rowlock-password-form";

  private static final String STOCK = "auth-username-password-form";

  /** Used by the service loader. */
  public GuardedPasswordFormFactory() {
    super(
        ID,
        "Username Password Form with limits",
        "The stock form with limits of failed attempts for each address and each account name. Its"
            + " settings in the browser flow apply to the whole realm.");
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new GuardedPasswordForm(stock(session, STOCK));
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED, Requirement.ALTERNATIVE, Requirement.DISABLED};
  }

  @Override
  public String getReferenceCategory() {
    return PasswordCredentialModel.TYPE;
  }

  @Override
  public Set<String> getOptionalReferenceCategories(KeycloakSession session) {
    var factory =
        session.getKeycloakSessionFactory().getProviderFactory(Authenticator.class, STOCK);
    return ((AuthenticatorFactory) factory).getOptionalReferenceCategories(session);
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    var properties = ProviderConfigurationBuilder.create();
    setting(
        properties,
        Setting.ADDRESS,
        "Failures per address",
        "Failed attempts of one peer address (IPv6: one /64) in an hour, over all accounts.");
    setting(
        properties,
        Setting.ACCOUNT,
        "Attempts per account name",
        "Attempts for one account name in an hour, over all addresses, whether or not the account exists. Correct"
            + " passwords do not count.");
    setting(
        properties,
        Setting.BROWSER,
        "Attempts per known browser",
        "The same in a browser from which the owner of the account has signed in before. Strangers cannot use them up.");
    setting(
        properties,
        Setting.RESET_ADDRESS,
        "Password resets per address",
        "Requests for a password reset from one peer address in an hour.");
    setting(
        properties,
        Setting.RESET_ACCOUNT,
        "Password resets per account name",
        "Requests for a password reset of one account name in an hour; each sends a mail.");
    return properties.build();
  }

  private static void setting(
      ProviderConfigurationBuilder properties, Setting setting, String label, String help) {
    properties
        .property()
        .name(setting.key())
        .label(label)
        .helpText(help + " The same number is the maximum at once.")
        .type(ProviderConfigProperty.INTEGER_TYPE)
        .defaultValue(setting.defaultValue())
        .required(true)
        .add();
  }
}
