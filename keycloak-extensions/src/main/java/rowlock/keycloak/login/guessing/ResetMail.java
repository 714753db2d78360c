/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.jboss.logging.Logger;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.login.guessing.stock.ResetLink;
import rowlock.keycloak.support.AccountMail;

/** The mail with a password reset link, sent by a thread of its own after the response. */
final class ResetMail {
  private static final Logger log = Logger.getLogger(ResetMail.class);

  private final String clientId;
  private final String login;
  private final String address;
  private final String language;
  private final ResetLink link;

  private ResetMail(AuthenticationFlowContext context, UserModel user) {
    this.clientId = context.getAuthenticationSession().getClient().getId();
    this.login = context.getAuthenticationSession().getParentSession().getId();
    this.address = String.valueOf(context.getConnection().getRemoteHost());
    this.language = context.getSession().getContext().resolveLocale(user).toLanguageTag();
    this.link = ResetLink.of(context, user);
  }

  /** Sends the mail after the commit of the request. */
  static void enlist(AuthenticationFlowContext context, UserModel user) {
    AccountMail.enlist(
        context.getSession(),
        "reset-mail",
        context.getRealm().getId(),
        user.getId(),
        new ResetMail(context, user)::send);
  }

  private void send(KeycloakSession own, RealmModel realm, UserModel user) {
    var client = realm.getClientById(clientId);
    if (client == null) {
      return;
    }
    own.getContext().setClient(client);
    own.setAttribute(LocaleSelectorProvider.USER_REQUEST_LOCALE, language);
    var event =
        new EventBuilder(realm, own)
            .ipAddress(address)
            .event(EventType.SEND_RESET_PASSWORD)
            .client(client)
            .user(user)
            .detail(Details.USERNAME, user.getUsername())
            .detail(Details.EMAIL, user.getEmail())
            .detail(Details.CODE_ID, login);
    try {
      own.getProvider(EmailTemplateProvider.class)
          .setRealm(realm)
          .setUser(user)
          .sendPasswordReset(link.address().toString(), link.life().toMinutes());
      event.success();
    } catch (EmailException e) {
      event.error(Errors.EMAIL_SEND_FAILED);
      log.warnf(
          "Password reset mail to user=%s in realm=%s failed; not retried, check the realm's mail settings",
          user.getId(), realm.getName());
    }
  }
}
