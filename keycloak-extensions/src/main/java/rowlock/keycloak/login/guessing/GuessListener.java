/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Set;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Counts failures against the address they come from, wherever in the server they happen: second
 * factors and clients' secrets too. The server tells of an error at once and apart from the
 * request's transaction, so a request that is rolled back counts. A failure to count is logged and
 * counted itself, and the request goes on: its attempt has been decided already.
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
    if (event.getType() == EventType.LOGIN && event.getError() == null) {
      if (session.getAttribute(Attempt.ATTRIBUTE) instanceof Attempt attempt) {
        attempt.succeeded();
      }
    } else if (event.getError() != null && event.getIpAddress() != null) {
      charge(event, event.getError(), event.getIpAddress());
    }
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

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {}

  @Override
  public void close() {}
}
