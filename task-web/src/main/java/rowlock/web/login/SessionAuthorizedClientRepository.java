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
 * Starts a session with the tokens of a login. Spring Security never reads them from here: {@link
 * Sessions} does.
 */
@Component
final class SessionAuthorizedClientRepository implements OAuth2AuthorizedClientRepository {
  private final Sessions sessions;

  SessionAuthorizedClientRepository(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void saveAuthorizedClient(
      OAuth2AuthorizedClient client,
      Authentication authentication,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (!(authentication.getPrincipal() instanceof SignedInUser user)) {
      throw new IllegalStateException("not signed in by the login");
    }
    var issuerSession = user.getClaimAsString("sid");
    try {
      sessions.start(
          request,
          response,
          Identity.of(user),
          // without sid no logout token can name the session
          issuerSession == null ? "" : issuerSession,
          Tokens.of(client.getAccessToken(), client.getRefreshToken(), user.tokenResponse()),
          user.remembered());
    } catch (SessionsUnavailableException e) {
      // the failure handler redirects to the page; a problem would be shown as JSON
      throw new AuthenticationServiceException("Session was not started", e);
    }
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // signature of the interface
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
    throw new UnsupportedOperationException("sessions are ended by Sessions");
  }
}
