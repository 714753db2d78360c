/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Component;
import rowlock.web.issuer.Issuer;
import rowlock.web.session.Sessions;

/**
 * Creates the authorization request for {@code GET /login}. Parameters: {@code to}, a path of this
 * server to return to; {@code action}, an {@link AccountAction}; {@code register=true}, to start
 * with the registration; {@code lang}, the language of the issuer's pages. Other parameters are
 * ignored.
 */
@Component
final class LoginRequestResolver implements OAuth2AuthorizationRequestResolver {
  static final String PATH = "/login";
  static final String DESTINATION = "rowlock.destination";
  static final String ACTION = "rowlock.action";

  private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2,3}(-[a-zA-Z]{2,4})?");

  private final Sessions sessions;
  private final Clock clock;
  private final DefaultOAuth2AuthorizationRequestResolver standard;

  LoginRequestResolver(Issuer issuer, Sessions sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
    this.standard = new DefaultOAuth2AuthorizationRequestResolver(issuer);
    // also for confidential clients: a stolen code cannot be injected (RFC 9700 §2.1.1)
    standard.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
    return request.getRequestURI().equals(PATH) && request.getMethod().equals("GET")
        ? resolve(request, Issuer.REGISTRATION)
        : null;
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest resolve(
      HttpServletRequest request, String registrationId) {
    var initial = standard.resolve(request, registrationId);
    return initial == null
        ? null
        : complete(
            initial,
            request,
            Destination.of(request.getParameter("to")),
            action(request),
            "true".equals(request.getParameter("register")),
            request.getParameter("lang"));
  }

  /**
   * Returns an authorization request that replaces one whose response cannot be used, with the same
   * destination and action. Returns null if that request was a replacement itself, so that a
   * browser without cookies is not redirected in a loop. The response's {@code state} marks a
   * replacement, so that no cookie is needed.
   *
   * @param lost the attempt, or null if it is unknown
   * @param state {@code state} of the response
   */
  @Nullable OAuth2AuthorizationRequest replacement(
      HttpServletRequest request, @Nullable LoginAttempt lost, @Nullable String state) {
    var now = clock.instant().getEpochSecond();
    var initial = standard.resolve(request, Issuer.REGISTRATION);
    if (initial == null || ReplacementState.isRecent(state, now)) {
      return null;
    }
    return complete(
        OAuth2AuthorizationRequest.from(initial)
            .state(ReplacementState.of(String.valueOf(initial.getState()), now))
            .build(),
        request,
        lost == null ? Destination.HOME : lost.destination(),
        lost == null ? null : AccountAction.of(lost.action()),
        false,
        null);
  }

  private OAuth2AuthorizationRequest complete(
      OAuth2AuthorizationRequest initial,
      HttpServletRequest request,
      String destination,
      @Nullable AccountAction action,
      boolean register,
      @Nullable String language) {
    var logoutPending = sessions.isLogoutPending(request);
    return OAuth2AuthorizationRequest.from(initial)
        .attributes(
            attributes -> {
              attributes.put(DESTINATION, destination);
              if (action != null) {
                attributes.put(ACTION, action.code());
              }
            })
        .additionalParameters(
            parameters -> {
              if (action != null) {
                parameters.put("kc_action", action.keycloak());
              }
              if (register) {
                parameters.put("prompt", "create"); // OpenID Connect Prompt Create 1.0
              } else if (logoutPending) {
                parameters.put("prompt", "login"); // the issuer's session must not sign in silently
              }
              if (language != null && LANGUAGE.matcher(language).matches()) {
                parameters.put("ui_locales", language);
              }
            })
        .build();
  }

  /** Returns the requested action, or null if there is none, or another site links to it. */
  private static @Nullable AccountAction action(HttpServletRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    return site == null || site.equals("same-origin") || site.equals("none")
        ? AccountAction.of(request.getParameter("action"))
        : null;
  }
}
