/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Charges failures to the peer address, wherever in the server they occur, including second factors
 * and client secrets; resets the limits of an account whose owner has proved ownership. The server
 * reports an error at once and outside the request's transaction, so a request that is rolled back
 * counts. A failure to count is logged and counted, and the request continues: its attempt is
 * already decided.
 */
final class GuessListener implements EventListenerProvider {
  /**
   * Errors of guesses in a browser: passwords and second factors. Excludes errors that a mistyped
   * link causes.
   */
  private static final Set<String> BAD_PERSON =
      Set.of(
          Errors.USER_NOT_FOUND,
          Errors.INVALID_USER_CREDENTIALS,
          Errors.INVALID_USER,
          Errors.USER_TEMPORARILY_DISABLED,
          Errors.USER_DISABLED);

  /**
   * Errors of a second factor after a step other than a password: a link in a mail, or another
   * identity provider. Excludes unknown names, because the reset form has a budget of its own.
   */
  private static final Set<String> BAD_SECOND_FACTOR =
      Set.of(Errors.INVALID_USER_CREDENTIALS, Errors.USER_TEMPORARILY_DISABLED);

  private static final String USERS = "users/";

  private final KeycloakSession session;
  private final Set<Event> charged;

  /**
   * Creates a listener.
   *
   * @param charged the errors of second factors that have been charged, by identity; shared by all
   *     listeners of the server
   */
  GuessListener(KeycloakSession session, Set<Event> charged) {
    this.session = session;
    this.charged = charged;
  }

  @Override
  public void onEvent(Event event) {
    ListenerFailures.contain(
        GuessListenerFactory.ID, String.valueOf(event.getType()), () -> count(event));
  }

  private void count(Event event) {
    if (event.getError() == null) {
      succeeded(event);
    } else if (event.getIpAddress() != null) {
      charge(event, event.getError(), event.getIpAddress());
    }
  }

  private void succeeded(Event event) {
    switch (event.getType()) {
      case LOGIN -> {
        if (session.getAttribute(PasswordAttempt.ATTRIBUTE) instanceof PasswordAttempt attempt) {
          attempt.succeeded();
        }
        if (isByOtherMeans(event)) {
          release(event, AccountLimitReset::ownershipProved);
        }
      }
      // a link in a mail was followed
      case VERIFY_EMAIL -> release(event, AccountLimitReset::ownershipProved);
      case UPDATE_CREDENTIAL -> {
        if (PasswordCredentialModel.TYPE.equals(detail(event, Details.CREDENTIAL_TYPE))) {
          release(event, AccountLimitReset::passwordReplaced);
        }
      }
      default -> {
        // not a proof of ownership
      }
    }
  }

  /** Returns whether the user has signed in by a passkey or another identity provider. */
  private static boolean isByOtherMeans(Event event) {
    return WebAuthnCredentialModel.TYPE_PASSWORDLESS.equals(detail(event, Details.CREDENTIAL_TYPE))
        || detail(event, Details.IDENTITY_PROVIDER) != null;
  }

  private void release(Event event, Release release) {
    var realm = session.realms().getRealm(event.getRealmId());
    if (realm != null && event.getUserId() != null) {
      release.of(session, realm, event.getUserId());
    }
  }

  /** Effect of an event on the limits of an account. */
  private interface Release {
    void of(KeycloakSession session, RealmModel realm, String userId);
  }

  private static @Nullable String detail(Event event, String name) {
    return event.getDetails() == null ? null : event.getDetails().get(name);
  }

  private void charge(Event event, String error, String address) {
    var realm = session.realms().getRealm(event.getRealmId());
    if (realm == null || PasswordAttempt.isExempt(session, address)) {
      return;
    }
    var limits = GuessLimits.of(realm);
    if (limits == null) {
      return;
    }
    switch (event.getType()) {
      case LOGIN_ERROR -> {
        if (BAD_PERSON.contains(error) && !isFromKnownBrowser(event)) {
          limits.address().charge(session, realm, address);
        }
      }
      case RESET_PASSWORD_ERROR,
          IDENTITY_PROVIDER_FIRST_LOGIN_ERROR,
          IDENTITY_PROVIDER_POST_LOGIN_ERROR -> {
        if (BAD_SECOND_FACTOR.contains(error) && isFirstReport(event)) {
          limits.address().charge(session, realm, address);
        }
      }
      // the user code has eight letters and is the only code that a user can type
      case OAUTH2_DEVICE_VERIFY_USER_CODE_ERROR -> {
        if (error.equals(Errors.INVALID_OAUTH2_USER_CODE)) {
          limits.device().charge(session, realm, address);
        }
      }
      default -> {
        // Excludes unknown clients, which have no secret, and ended sessions: a backend
        // with many of those, or an office, must not be locked out.
        if (error.equals(Errors.INVALID_CLIENT_CREDENTIALS) && event.getClientId() != null) {
          limits.secret().charge(session, realm, address, event.getClientId());
        }
      }
    }
  }

  /**
   * Returns whether the event is reported for the first time. In a flow after another identity
   * provider, the server passes the same event to the listeners twice: when the authenticator
   * reports the error, in a session of its own, and when it reports that the flow has answered.
   * Session attributes cannot connect the two.
   */
  private boolean isFirstReport(Event event) {
    return charged.add(event);
  }

  private static boolean isFromKnownBrowser(Event event) {
    return event.getDetails() != null
        && event.getDetails().containsKey(PasswordAttempt.KNOWN_BROWSER);
  }

  /**
   * Handles a password that an administrator has set, and a locked account that is enabled again.
   */
  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    var path = event.getResourcePath();
    if (event.getError() == null && path != null && path.startsWith(USERS)) {
      ListenerFailures.contain(GuessListenerFactory.ID, "admin", () -> changed(event, path));
    }
  }

  private void changed(AdminEvent event, String path) {
    var realm = session.realms().getRealm(event.getRealmId());
    var parts = path.split("/", -1);
    if (realm == null) {
      return;
    }
    if (event.getResourceType() == ResourceType.USER_LOGIN_FAILURE) {
      AccountLimitReset.unlocked(session, realm, parts[1]);
    } else if (event.getResourceType() == ResourceType.USER) {
      if (parts.length == 3 && parts[2].equals("reset-password")) {
        AccountLimitReset.passwordReplaced(session, realm, parts[1]);
      } else if (parts.length == 2 && event.getOperationType() == OperationType.UPDATE) {
        AccountLimitReset.passwordMayBeReplaced(session, realm, parts[1]);
      }
    }
  }

  @Override
  public void close() {}
}
