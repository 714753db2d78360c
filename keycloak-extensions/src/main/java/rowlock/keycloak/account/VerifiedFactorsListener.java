/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account;

import java.util.List;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;
import rowlock.keycloak.account.stock.LoginTime;
import rowlock.keycloak.support.SecondFactors;
import rowlock.keycloak.support.VerifiedCredentials;

/**
 * Records at each login which credentials it verified. A login by the session cookie verifies none
 * and leaves the note as it is.
 *
 * <p>When an account gets a second factor, the logins of its other sessions, which did not verify
 * it, no longer count as recent: the pages, which check the time only, ask for a new login.
 */
final class VerifiedFactorsListener implements EventListenerProvider {
  private final KeycloakSession session;

  VerifiedFactorsListener(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public void onEvent(Event event) {
    var login = session.getContext().getAuthenticationSession();
    if (event.getError() != null || login == null) {
      return;
    }
    if (event.getType() == EventType.LOGIN && event.getSessionId() != null) {
      loggedIn(login, event.getSessionId());
    } else if (event.getType() == EventType.UPDATE_CREDENTIAL
        && event.getDetails() != null
        && SecondFactors.areAmong(
            List.of(event.getDetails().getOrDefault(Details.CREDENTIAL_TYPE, "")))) {
      factorAdded(login);
    }
  }

  private void loggedIn(AuthenticationSessionModel login, String sessionId) {
    var shown = VerifiedCredentials.of(login);
    var userSession = session.sessions().getUserSession(login.getRealm(), sessionId);
    if (userSession != null && !shown.isEmpty()) {
      VerifiedFactors.record(userSession, shown);
    }
  }

  private void factorAdded(AuthenticationSessionModel login) {
    var own = login.getParentSession().getId();
    session
        .sessions()
        .getUserSessionsStream(login.getRealm(), login.getAuthenticatedUser())
        .filter(other -> !other.getId().equals(own))
        .toList()
        .forEach(LoginTime::forget);
  }

  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {}

  @Override
  public void close() {}
}
