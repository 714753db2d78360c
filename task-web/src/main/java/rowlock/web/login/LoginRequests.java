/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
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
 * {@code GET /login} leads to the issuer. Parameters: {@code to}, a path of this server to come
 * back to; {@code action}, something to do there (see {@link AccountAction}); {@code
 * register=true}, to begin with the registration; {@code lang}, the language of the pages. Anything
 * else is not passed on.
 */
@Component
final class LoginRequests implements OAuth2AuthorizationRequestResolver {

  static final String PATH = "/login";
  static final String DESTINATION = "rowlock.destination";
  static final String ACTION = "rowlock.action";

  private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2,3}(-[a-zA-Z]{2,4})?");

  private final Sessions sessions;
  private final Clock clock;
  private final DefaultOAuth2AuthorizationRequestResolver standard;

  LoginRequests(Issuer issuer, Sessions sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
    this.standard = new DefaultOAuth2AuthorizationRequestResolver(issuer);
    // a client with a key needs it too: who steals a code has no use for it (RFC 9700 section
    // 2.1.1)
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
    OAuth2AuthorizationRequest begun = standard.resolve(request, registrationId);
    return begun == null
        ? null
        : complete(
            begun,
            request,
            Destination.of(request.getParameter("to")),
            action(request),
            "true".equals(request.getParameter("register")),
            request.getParameter("lang"));
  }

  /**
   * Returns an authorization request that takes the place of one whose answer is no use, with the
   * same destination and action; empty if that one was a replacement itself, so that a browser that
   * keeps no cookies is not redirected without end. That shows in {@code state}, which the issuer
   * returns: no cookie is needed to find out.
   *
   * @param lost the attempt, or null if nothing is known of it
   * @param state of the answer
   */
  Optional<OAuth2AuthorizationRequest> replacement(
      HttpServletRequest request, @Nullable LoginAttempt lost, @Nullable String state) {
    long now = clock.instant().getEpochSecond();
    OAuth2AuthorizationRequest begun = standard.resolve(request, Issuer.REGISTRATION);
    if (begun == null || ReplacementState.isRecent(state, now)) {
      return Optional.empty();
    }
    return Optional.of(
        complete(
            OAuth2AuthorizationRequest.from(begun)
                .state(ReplacementState.of(String.valueOf(begun.getState()), now))
                .build(),
            request,
            lost == null ? Destination.HOME : lost.destination(),
            lost == null ? Optional.empty() : AccountAction.of(lost.action()),
            false,
            null));
  }

  private OAuth2AuthorizationRequest complete(
      OAuth2AuthorizationRequest begun,
      HttpServletRequest request,
      String destination,
      Optional<AccountAction> action,
      boolean register,
      @Nullable String language) {
    boolean unheard = sessions.isUnheard(request);
    return OAuth2AuthorizationRequest.from(begun)
        .attributes(
            attributes -> {
              attributes.put(DESTINATION, destination);
              action.ifPresent(wanted -> attributes.put(ACTION, wanted.code()));
            })
        .additionalParameters(
            parameters -> {
              action.ifPresent(wanted -> parameters.put("kc_action", wanted.keycloak()));
              if (register) {
                parameters.put("prompt", "create"); // OpenID Connect Prompt Create 1.0
              } else if (unheard) {
                parameters.put("prompt", "login"); // whoever signed out here is asked who they are
              }
              if (language != null && LANGUAGE.matcher(language).matches()) {
                parameters.put("ui_locales", language);
              }
            })
        .build();
  }

  /** Nobody else's page sends people to the page that deletes their account. */
  private static Optional<AccountAction> action(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null || site.equals("same-origin") || site.equals("none")
        ? AccountAction.of(request.getParameter("action"))
        : Optional.empty();
  }
}
