/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.FormContext;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.userprofile.ValidationException;
import rowlock.keycloak.support.AfterCommit;
import rowlock.keycloak.support.NameText;

/**
 * The outcome of a registration, decided by a thread of its own after the response: a new account
 * and a link to confirm it, or a mail to the owner of the existing account.
 */
final class PendingRegistration {
  private static final Logger log = Logger.getLogger(PendingRegistration.class);
  private static final String TASK = "rowlock-mail";

  private final KeycloakSession session;
  private final KeycloakSessionFactory factory;
  private final MultivaluedMap<String, String> fields;
  private final String realmId;
  private final String clientId;
  private final String login;
  private final String tab;
  private final String address;
  private final @Nullable String language;
  private final URI base;

  private PendingRegistration(FormContext context, MultivaluedMap<String, String> fields) {
    this.session = context.getSession();
    this.factory = session.getKeycloakSessionFactory();
    this.fields = fields;
    var realm = context.getRealm();
    var browser = context.getAuthenticationSession();
    this.realmId = realm.getId();
    this.clientId = browser.getClient().getId();
    this.login = browser.getParentSession().getId();
    this.tab = browser.getTabId();
    this.address = String.valueOf(context.getConnection().getRemoteHost());
    this.language =
        realm.isInternationalizationEnabled()
            ? session.getContext().resolveLocale(null).toLanguageTag()
            : null;
    this.base = session.getContext().getUri().getBaseUri();
  }

  /** Runs the registration after the commit of the request. */
  static void enlist(FormContext context, MultivaluedMap<String, String> fields) {
    AfterCommit.start(
        context.getSession(), "registration", TASK, new PendingRegistration(context, fields)::run);
  }

  /** Sends the mail after the commit: its reader may be faster than the database. */
  private void run() {
    try {
      var outcome = KeycloakModelUtils.runJobInTransactionWithResult(factory, this::decide);
      if (outcome != null) {
        KeycloakModelUtils.runJobInTransaction(factory, own -> write(own, outcome));
      }
    } catch (ModelDuplicateException e) {
      log.debug("Registration skipped: the address was registered concurrently", e);
    } catch (ValidationException e) {
      // validated a second time, and another account has taken the address or the name meanwhile
      log.debug("Registration skipped: the address or name was taken meanwhile", e);
    }
  }

  /** The account, and whether it was created. */
  private record Outcome(String userId, boolean isNew) {}

  private @Nullable Outcome decide(KeycloakSession own) {
    var client = begin(own);
    if (client == null) {
      return null;
    }
    var realm = client.getRealm();
    var root = own.authenticationSessions().getRootAuthenticationSession(realm, login);
    if (root != null) {
      // an attribute may be required for some scopes only
      own.getContext().setAuthenticationSession(root.getAuthenticationSession(client, tab));
    }
    var event =
        new EventBuilder(realm, own)
            .ipAddress(address)
            .event(EventType.REGISTER)
            .client(client)
            .detail(Details.REGISTER_METHOD, "form");
    var owner = ownerOf(own, realm);
    if (owner == null) {
      var user = create(own, realm);
      event.user(user).success();
      return new Outcome(user.getId(), true);
    }
    event.user(owner).error(Errors.EMAIL_IN_USE);
    return new Outcome(owner.getId(), false);
  }

  private void write(KeycloakSession own, Outcome outcome) {
    var client = begin(own);
    if (client == null) {
      return;
    }
    var realm = client.getRealm();
    var user = own.users().getUserById(realm, outcome.userId());
    if (user == null) {
      return;
    }
    var mail = new RegistrationMail(own, realm, client, base);
    if (outcome.isNew()) {
      mail.confirm(user);
    } else {
      mail.toOwner(user);
    }
  }

  /** Returns the client; null if realm or client were removed meanwhile. */
  private @Nullable ClientModel begin(KeycloakSession own) {
    var realm = own.realms().getRealm(realmId);
    var client = realm == null ? null : realm.getClientById(clientId);
    if (client != null) {
      own.getContext().setRealm(client.getRealm());
      own.getContext().setClient(client);
    }
    return client;
  }

  private @Nullable UserModel ownerOf(KeycloakSession own, RealmModel realm) {
    var email = fields.getFirst(UserModel.EMAIL);
    if (email == null) {
      return null;
    }
    // the form in which it is stored
    var typed = NameText.canonical(email);
    var byMail = own.users().getUserByEmail(realm, typed);
    return byMail == null && realm.isRegistrationEmailAsUsername()
        ? own.users().getUserByUsername(realm, typed)
        : byMail;
  }

  private UserModel create(KeycloakSession own, RealmModel realm) {
    var user =
        own.getProvider(UserProfileProvider.class)
            .create(UserProfileContext.REGISTRATION, fields)
            .create();
    user.setEnabled(true);
    user.addRequiredAction(RequiredAction.VERIFY_EMAIL);
    user.addRequiredAction(RequiredAction.UPDATE_PASSWORD);
    if (language != null && realm.isInternationalizationEnabled()) {
      user.setSingleAttribute(UserModel.LOCALE, language);
    }
    return user;
  }
}
