/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import java.util.Set;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;

/**
 * Counts failures against the address they come from, wherever in the server they happen: second
 * factors and clients' secrets too. The server tells of an error at once and apart from the
 * request's transaction, so a request that is rolled back counts.
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
   * What can be guessed by a client: its own secret. Refresh tokens, authorization and device codes
   * are random or signed; what fails there is mostly a session that is over, and neither a backend
   * with many of those nor an office on a Monday must be locked out.
   */
  private static final Set<String> BAD_CLIENT =
      Set.of(Errors.INVALID_CLIENT_CREDENTIALS, Errors.CLIENT_NOT_FOUND);

  private final KeycloakSession session;

  GuessListener(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public void onEvent(Event event) {
    if (event.getType() == EventType.LOGIN && event.getError() == null) {
      if (session.getAttribute(Attempt.ATTRIBUTE) instanceof Attempt attempt) {
        attempt.succeeded();
      }
    } else if (isGuess(event)) {
      var realm = session.realms().getRealm(event.getRealmId());
      if (realm != null && !Attempt.isExempt(session, event.getIpAddress())) {
        GuessLimits.of(realm)
            .ifPresent(limits -> limits.address().charge(session, realm, event.getIpAddress()));
      }
    }
  }

  private static boolean isGuess(Event event) {
    var error = event.getError();
    var details = event.getDetails();
    if (error == null
        || event.getIpAddress() == null
        || (details != null && details.containsKey(Attempt.KNOWN_BROWSER))) {
      return false;
    }
    return switch (event.getType()) {
      case LOGIN_ERROR -> BAD_PERSON.contains(error);
      // eight letters, and the only code that a person could type
      case OAUTH2_DEVICE_VERIFY_USER_CODE_ERROR -> error.equals(Errors.INVALID_OAUTH2_USER_CODE);
      default -> BAD_CLIENT.contains(error);
    };
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {}

  @Override
  public void close() {}
}
