/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.common.util.KeycloakUriBuilder;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import rowlock.keycloak.budget.Budget;
import rowlock.keycloak.registration.discretion.stock.ConfirmationLink;
import rowlock.keycloak.support.AccountMail;

/** The mails of a discreet registration, in the language of the account. */
final class RegistrationMail {
  private static final Logger log = Logger.getLogger(RegistrationMail.class);
  private static final String TEMPLATE = "already-registered.ftl";
  private static final String SUBJECT = "rowlockRegisteredMailSubject";

  /**
   * Bounds the mails that a repeated registration of one address causes: two at once, then one an
   * hour.
   */
  private static final Budget PER_ACCOUNT = new Budget("registration-mail", 2, Duration.ofHours(2));

  private final KeycloakSession session;
  private final RealmModel realm;
  private final ClientModel client;
  private final URI base;

  RegistrationMail(KeycloakSession session, RealmModel realm, ClientModel client, URI base) {
    this.session = session;
    this.realm = realm;
    this.client = client;
    this.base = base;
  }

  /** Notifies the owner of an existing account, or sends the confirmation link again. */
  void toOwner(UserModel owner) {
    if (!owner.isEnabled() || owner.getEmail() == null) {
      return;
    }
    if (owner.isEmailVerified() || hasPassword(owner)) {
      if (mayWrite(owner)) {
        notifyOwner(owner);
      }
    } else {
      confirm(owner);
    }
  }

  /** Sends the link to confirm an address and choose a password. */
  void confirm(UserModel user) {
    if (!mayWrite(user)) {
      return;
    }
    var life = Duration.ofSeconds(realm.getActionTokenGeneratedByUserLifespan("verify-email"));
    try {
      mail(user)
          .setAttribute(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, "true")
          .sendVerifyEmail(
              ConfirmationLink.of(session, realm, user, client, base, life).toString(),
              life.toMinutes());
    } catch (EmailException e) {
      report(user);
    }
  }

  private void notifyOwner(UserModel owner) {
    var content = new HashMap<String, Object>();
    content.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, "true");
    content.put("signInUrl", address("realms/{realm}/account"));
    if (realm.isResetPasswordAllowed()) {
      content.put("resetUrl", address("realms/{realm}/login-actions/reset-credentials"));
    }
    try {
      mail(owner).send(SUBJECT, List.of(AccountMail.nameOf(realm)), TEMPLATE, content);
    } catch (EmailException e) {
      report(owner);
    }
  }

  private boolean mayWrite(UserModel user) {
    return PER_ACCOUNT.take(session, realm, user.getId()).allowed();
  }

  private EmailTemplateProvider mail(UserModel user) {
    return session.getProvider(EmailTemplateProvider.class).setRealm(realm).setUser(user);
  }

  private String address(String path) {
    return KeycloakUriBuilder.fromUri(base).path(path).build(realm.getName()).toString();
  }

  private void report(UserModel user) {
    log.warnf(
        "Registration mail to user=%s in realm=%s failed; not retried, check the realm's mail settings",
        user.getId(), realm.getName());
  }

  private static boolean hasPassword(UserModel user) {
    return user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE);
  }
}
