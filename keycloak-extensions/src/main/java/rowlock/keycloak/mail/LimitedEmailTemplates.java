/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.mail;

import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.events.Event;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The server's own mails, with a limit for each mailbox where the request may come from a person
 * other than its owner: password reset, and confirmation of an address, of a new address and of a
 * linked account. A mail beyond the limit is not sent, and the page is the same: an error would
 * reveal which mailbox has received mails. Each kind has a limit of its own, so that one cannot
 * block another. Mails of administrators and notifications are not limited here.
 */
final class LimitedEmailTemplates implements EmailTemplateProvider {
  private final KeycloakSession session;
  private final EmailTemplateProvider stock;
  private @Nullable RealmModel realm;
  private @Nullable UserModel user;
  private boolean isLogin;

  LimitedEmailTemplates(KeycloakSession session, EmailTemplateProvider stock) {
    this.session = session;
    this.stock = stock;
  }

  @Override
  public void sendPasswordReset(String link, long expirationInMinutes) throws EmailException {
    if (isAllowed(MailboxLimit.PASSWORD_RESET, ownAddress())) {
      stock.sendPasswordReset(link, expirationInMinutes);
    }
  }

  /**
   * Sends without a limit outside a login: the mail comes from an administrator or has a limit of
   * its own.
   */
  @Override
  public void sendVerifyEmail(String link, long expirationInMinutes) throws EmailException {
    if (!isLogin || isAllowed(MailboxLimit.VERIFY_EMAIL, ownAddress())) {
      stock.sendVerifyEmail(link, expirationInMinutes);
    }
  }

  @Override
  public void sendEmailUpdateConfirmation(String link, long expirationInMinutes, String address)
      throws EmailException {
    if (isAllowed(MailboxLimit.UPDATE_EMAIL, address)) {
      stock.sendEmailUpdateConfirmation(link, expirationInMinutes, address);
    }
  }

  @Override
  public void sendConfirmIdentityBrokerLink(String link, long expirationInMinutes)
      throws EmailException {
    if (isAllowed(MailboxLimit.LINK_ACCOUNT, ownAddress())) {
      stock.sendConfirmIdentityBrokerLink(link, expirationInMinutes);
    }
  }

  private @Nullable String ownAddress() {
    return user == null ? null : user.getEmail();
  }

  private boolean isAllowed(MailboxLimit limit, @Nullable String address) {
    if (realm == null || address == null || limit.take(session, realm, address)) {
      return true;
    }
    Metrics.counter("rowlock.mail.refused", "kind", limit.kind(), "realm", realm.getName())
        .increment();
    return false;
  }

  @Override
  public EmailTemplateProvider setAuthenticationSession(
      @Nullable AuthenticationSessionModel login) {
    isLogin = login != null;
    stock.setAuthenticationSession(login);
    return this;
  }

  @Override
  public EmailTemplateProvider setRealm(RealmModel newRealm) {
    realm = newRealm;
    stock.setRealm(newRealm);
    return this;
  }

  @Override
  public EmailTemplateProvider setUser(UserModel newUser) {
    user = newUser;
    stock.setUser(newUser);
    return this;
  }

  @Override
  public EmailTemplateProvider setAttribute(String name, @Nullable Object value) {
    stock.setAttribute(name, value);
    return this;
  }

  @Override
  public void sendEvent(Event event) throws EmailException {
    stock.sendEvent(event);
  }

  @Override
  public void sendSmtpTestEmail(Map<String, String> config, UserModel recipient)
      throws EmailException {
    stock.sendSmtpTestEmail(config, recipient);
  }

  @Override
  public void sendExecuteActions(String link, long expirationInMinutes) throws EmailException {
    stock.sendExecuteActions(link, expirationInMinutes);
  }

  @Override
  public void sendVerifiableCredentialOffer(String link, long expirationInMinutes)
      throws EmailException {
    stock.sendVerifiableCredentialOffer(link, expirationInMinutes);
  }

  @Override
  public void sendOrgInviteEmail(
      OrganizationModel organization, String link, long expirationInMinutes) throws EmailException {
    stock.sendOrgInviteEmail(organization, link, expirationInMinutes);
  }

  @Override
  public void send(String subject, String template, Map<String, Object> attributes)
      throws EmailException {
    stock.send(subject, template, attributes);
  }

  @Override
  public void send(
      String subject, List<Object> parameters, String template, Map<String, Object> attributes)
      throws EmailException {
    stock.send(subject, parameters, template, attributes);
  }

  @Override
  public void send(
      String subject, String template, Map<String, Object> attributes, @Nullable String address)
      throws EmailException {
    stock.send(subject, template, attributes, address);
  }

  @Override
  public void send(
      String subject,
      List<Object> parameters,
      String template,
      Map<String, Object> attributes,
      @Nullable String address)
      throws EmailException {
    stock.send(subject, parameters, template, attributes, address);
  }

  @Override
  public void close() {
    // the session closes the wrapped provider
  }
}
