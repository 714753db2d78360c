/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.stereotype.Component;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;
import rowlock.web.session.Sessions;
import rowlock.web.session.SessionsUnavailableException;

/**
 * Where Spring Security puts the tokens of a login: into a new session. They are read elsewhere.
 */
@Component
final class NewSessions implements OAuth2AuthorizedClientRepository {

  private final Sessions sessions;

  NewSessions(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void saveAuthorizedClient(
      OAuth2AuthorizedClient client,
      Authentication authentication,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (!(authentication.getPrincipal() instanceof SignedIn person)) {
      throw new IllegalStateException("signed in by another way than the login");
    }
    String issuerSession = person.getClaimAsString("sid");
    try {
      sessions.begin(
          request,
          response,
          Identity.of(person),
          // without one there is nothing that a logout token could name
          issuerSession == null ? "" : issuerSession,
          Tokens.of(client.getAccessToken(), client.getRefreshToken(), person.answer()),
          person.remembered());
    } catch (SessionsUnavailableException unavailable) {
      // for the failure handler: a page, not the error of an API
      throw new AuthenticationServiceException("No session was begun", unavailable);
    }
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // the shape of what is implemented
  public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
      String registrationId, Authentication authentication, HttpServletRequest request) {
    return null;
  }

  @Override
  public void removeAuthorizedClient(
      String registrationId,
      Authentication authentication,
      HttpServletRequest request,
      HttpServletResponse response) {
    throw new UnsupportedOperationException("sessions end in another way");
  }
}
