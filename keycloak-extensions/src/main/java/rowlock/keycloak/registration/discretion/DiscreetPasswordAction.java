/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import org.keycloak.authentication.FormAction;
import org.keycloak.authentication.FormContext;
import org.keycloak.authentication.ValidationContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The server's own "Password Validation", or in a discreet registration, no password on the form:
 * the reader of the mail chooses it. So only the owner of an address can set the password, and no
 * password is hashed in one case but not in the other.
 */
final class DiscreetPasswordAction implements FormAction {
  private static final String STOCK = "registration-password-action";

  @Override
  public void buildPage(FormContext context, LoginFormsProvider form) {
    if (!DiscreetRegistration.isOn(context.getSession())) {
      stock(context).buildPage(context, form);
    }
  }

  @Override
  public void validate(ValidationContext context) {
    if (DiscreetRegistration.isOn(context.getSession())) {
      context.success();
    } else {
      stock(context).validate(context);
    }
  }

  @Override
  public void success(FormContext context) {
    if (!DiscreetRegistration.isOn(context.getSession())) {
      stock(context).success(context);
    }
  }

  private static FormAction stock(FormContext context) {
    return context.getSession().getProvider(FormAction.class, STOCK);
  }

  @Override
  public boolean requiresUser() {
    return false;
  }

  @Override
  public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return true;
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

  @Override
  public void close() {}
}
