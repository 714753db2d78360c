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
 * Counts failures against the address they come from, wherever in the server they happen: second
 * factors and clients' secrets too; and resets the limits of an account whose owner is proved. The
 * server tells of an error at once and apart from the request's transaction, so a request that is
 * rolled back counts. A failure to count is logged and counted itself, and the request goes on: its
 * attempt has been decided already.
 */
final class GuessListener implements EventListenerProvider {
  /**
   * What can be guessed by a person's browser: passwords and second factors. Not what a link with a
   * mistake in it causes.
   */
  private static final Set<String> BAD_PERSON =
      Set.of(
          Errors.USER_NOT_FOUND,
          Errors.INVALID_USER_CREDENTIALS,
          Errors.INVALID_USER,
          Errors.USER_TEMPORARILY_DISABLED,
          Errors.USER_DISABLED);

  /**
   * Errors of a second factor after something other than a password: a link in a mail, or another
   * identity provider. An unknown name is none, as the form for a new password has a budget of its
   * own.
   */
  private static final Set<String> BAD_SECOND_FACTOR =
      Set.of(Errors.INVALID_USER_CREDENTIALS, Errors.USER_TEMPORARILY_DISABLED);

  private static final String USERS = "users/";

  private final KeycloakSession session;
  private final Set<Event> charged;

  /**
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
        if (session.getAttribute(Attempt.ATTRIBUTE) instanceof Attempt attempt) {
          attempt.succeeded();
        }
        if (isByOtherMeans(event)) {
          release(event, AccountRelease::ownershipProved);
        }
      }
      // a link in a mail
      case VERIFY_EMAIL -> release(event, AccountRelease::ownershipProved);
      case UPDATE_CREDENTIAL -> {
        if (PasswordCredentialModel.TYPE.equals(detail(event, Details.CREDENTIAL_TYPE))) {
          release(event, AccountRelease::passwordReplaced);
        }
      }
      default -> {
        // proves nothing
      }
    }
  }

  /** Whether the user has signed in by a passkey or another identity provider. */
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

  /** What an event does to the limits of an account. */
  private interface Release {
    void of(KeycloakSession session, RealmModel realm, String userId);
  }

  private static @Nullable String detail(Event event, String name) {
    return event.getDetails() == null ? null : event.getDetails().get(name);
  }

  private void charge(Event event, String error, String address) {
    var realm = session.realms().getRealm(event.getRealmId());
    if (realm == null || Attempt.isExempt(session, address)) {
      return;
    }
    GuessLimits.of(realm)
        .ifPresent(
            limits -> {
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
                // eight letters, and the only code that a user could type
                case OAUTH2_DEVICE_VERIFY_USER_CODE_ERROR -> {
                  if (error.equals(Errors.INVALID_OAUTH2_USER_CODE)) {
                    limits.device().charge(session, realm, address);
                  }
                }
                default -> {
                  // not an unknown client's, which has no secret, nor a session that has ended:
                  // neither a backend with many of those nor an office may be locked out
                  if (error.equals(Errors.INVALID_CLIENT_CREDENTIALS)
                      && event.getClientId() != null) {
                    limits.secret().charge(session, realm, address, event.getClientId());
                  }
                }
              }
            });
  }

  /**
   * In a flow after another identity provider, the server passes the same event to the listeners
   * twice: when the authenticator reports the error, in a session of its own, and when it reports
   * that the flow has answered. Session attributes cannot connect the two.
   */
  private boolean isFirstReport(Event event) {
    return charged.add(event);
  }

  private static boolean isFromKnownBrowser(Event event) {
    return event.getDetails() != null && event.getDetails().containsKey(Attempt.KNOWN_BROWSER);
  }

  /** A password that an administrator has set, or an account that was locked and is enabled. */
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
      AccountRelease.unlocked(session, realm, parts[1]);
    } else if (event.getResourceType() == ResourceType.USER) {
      if (parts.length == 3 && parts[2].equals("reset-password")) {
        AccountRelease.passwordReplaced(session, realm, parts[1]);
      } else if (parts.length == 2 && event.getOperationType() == OperationType.UPDATE) {
        AccountRelease.passwordMayBeReplaced(session, realm, parts[1]);
      }
    }
  }

  @Override
  public void close() {}
}
