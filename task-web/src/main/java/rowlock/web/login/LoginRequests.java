/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
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
  private final DefaultOAuth2AuthorizationRequestResolver standard;

  LoginRequests(Issuer issuer, Sessions sessions) {
    this.sessions = sessions;
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
    if (begun == null) {
      return null;
    }
    Optional<AccountAction> action = action(request);
    boolean unheard = sessions.isUnheard(request);
    String language = request.getParameter("lang");
    OAuth2AuthorizationRequest.Builder more = OAuth2AuthorizationRequest.from(begun);
    more.attributes(
        attributes -> {
          attributes.put(DESTINATION, Destination.of(request.getParameter("to")));
          action.ifPresent(wanted -> attributes.put(ACTION, wanted.code()));
        });
    more.additionalParameters(
        parameters -> {
          action.ifPresent(wanted -> parameters.put("kc_action", wanted.keycloak()));
          if ("true".equals(request.getParameter("register"))) {
            parameters.put("prompt", "create"); // OpenID Connect Prompt Create 1.0
          } else if (unheard) {
            parameters.put("prompt", "login"); // whoever signed out here is asked who they are
          }
          if (language != null && LANGUAGE.matcher(language).matches()) {
            parameters.put("ui_locales", language);
          }
        });
    return more.build();
  }

  /** Nobody else's page sends people to the page that deletes their account. */
  private static Optional<AccountAction> action(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null || site.equals("same-origin") || site.equals("none")
        ? AccountAction.of(request.getParameter("action"))
        : Optional.empty();
  }
}
