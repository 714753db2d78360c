/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.common.util.Time;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.idm.ErrorRepresentation;
import org.keycloak.utils.KeycloakSessionUtil;
import rowlock.keycloak.account.stock.AccessTokenSession;
import rowlock.keycloak.account.stock.LoginTime;

/**
 * Rejects a change to an account through the account REST API unless the session of the access
 * token would be accepted by the page for the same change: its last login is at most as old as the
 * page's {@code max_auth_age}, and verified a second factor if the account has one (RFC 9470).
 *
 * <p>Implemented as a filter, because the server has no other extension point in front of that API.
 * The client and the grant that issued the token make no difference.
 */
@Provider
public final class AccountGuard implements ContainerRequestFilter {
  private static final String INSUFFICIENT = "insufficient_user_authentication";
  private static final String MAX_AUTH_AGE = "max_auth_age";

  @Override
  public void filter(ContainerRequestContext request) {
    var session = KeycloakSessionUtil.getKeycloakSession();
    var authorization = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
    if (session == null || authorization == null) {
      // the API answers 401
      return;
    }
    var operation = AccountOperation.of(request.getMethod(), request.getUriInfo().getPath());
    if (operation != null) {
      check(request, session, operation, authorization);
    }
  }

  private static void check(
      ContainerRequestContext request,
      KeycloakSession session,
      AccountOperation operation,
      List<String> authorization) {
    var realm = session.realms().getRealmByName(operation.realm());
    if (realm == null) {
      // the API answers 404
      return;
    }
    session.getContext().setRealm(realm);
    var userSession =
        authorization.size() == 1
            ? AccessTokenSession.of(session, realm, authorization.get(0))
            : null;
    var maxAge = maxAge(realm, operation.requiredAction());
    if (userSession != null
        && isRecent(userSession, maxAge)
        && VerifiedFactors.suffice(userSession)) {
      return;
    }
    if (userSession != null) {
      report(session, realm, operation, userSession);
    }
    request.abortWith(refusal(session, userSession, maxAge));
  }

  /** Applies the same rule as the server does for the page. */
  private static boolean isRecent(UserSessionModel userSession, int maxAge) {
    return LoginTime.of(userSession) + maxAge >= Time.currentTimeSeconds();
  }

  private static int maxAge(RealmModel realm, String requiredAction) {
    var config = realm.getRequiredActionConfigByAlias(requiredAction);
    if (config == null || !config.containsConfigKey(MAX_AUTH_AGE)) {
      return Constants.KC_ACTION_MAX_AGE;
    }
    try {
      var configured = RequiredActionFactory.parseMaxAuthAge(config);
      return configured < 0 ? Constants.KC_ACTION_MAX_AGE : configured;
    } catch (NumberFormatException e) {
      return Constants.KC_ACTION_MAX_AGE;
    }
  }

  private static void report(
      KeycloakSession session,
      RealmModel realm,
      AccountOperation operation,
      UserSessionModel userSession) {
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(operation.event())
        .user(userSession.getUser())
        .session(userSession)
        .error(INSUFFICIENT);
  }

  /** RFC 9470 §3 in the header; the API's own error format in the body, which the console shows. */
  private static Response refusal(
      KeycloakSession session, @Nullable UserSessionModel userSession, int maxAge) {
    var forms = session.getProvider(LoginFormsProvider.class);
    if (userSession != null) {
      forms.setUser(userSession.getUser());
    }
    var text =
        forms.getMessage("rowlockRecentLoginNeeded", String.valueOf(Math.max(1, maxAge / 60)));
    var error = new ErrorRepresentation("email", text, null);
    error.setErrors(List.of(new ErrorRepresentation("email", text, null)));
    return Response.status(Response.Status.UNAUTHORIZED)
        .header(
            HttpHeaders.WWW_AUTHENTICATE,
            "Bearer error=\"%s\", error_description=\"A more recent or stronger login is required\", max_age=\"%d\""
                .formatted(INSUFFICIENT, maxAge))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(error)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
