/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;
import org.keycloak.utils.KeycloakSessionUtil;
import rowlock.keycloak.login.guessing.FormBody.UnacceptableFormException;

/**
 * Rejects requests that may be a guess, before the server authenticates the client: a client secret
 * at any endpoint, a password at the token endpoint, a device's user code. The status is 429 if the
 * address has no failures left for that client, for passwords, or for codes; 403 if a page of
 * another origin made a browser send the request, because such a request would use up the visitor's
 * failures. Requests signed with a private key are not limited by address.
 *
 * <p>Implemented as a filter, because the server has no other extension point before client
 * authentication: client policies run after it, and a step in the flow of client authentication
 * cannot answer 429.
 */
@Provider
public final class ProtocolGuard implements ContainerRequestFilter {
  private static final String USER_CODE = "user_code";
  private static final String TYPED_USER_CODE = "device_user_code";

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    var session = KeycloakSessionUtil.getKeycloakSession();
    var path = RealmPath.of(request.getUriInfo());
    if (session == null || path == null) {
      return;
    }
    var realm = session.realms().getRealmByName(path.realm());
    var limits = realm == null ? null : GuessLimits.of(realm);
    if (realm == null || limits == null) {
      return;
    }
    session.getContext().setRealm(realm);
    try {
      var refusal =
          path.isDevicePage()
              ? device(request, session, realm, limits)
              : client(request, session, realm, limits, path);
      if (refusal != null) {
        request.abortWith(refusal);
      }
    } catch (UnacceptableFormException e) {
      request.abortWith(error(e.status(), OAuthErrorException.INVALID_REQUEST, e.getMessage()));
    }
  }

  private static @Nullable Response client(
      ContainerRequestContext request,
      KeycloakSession session,
      RealmModel realm,
      GuessLimits limits,
      RealmPath path)
      throws IOException, UnacceptableFormException {
    var credentials = ClientCredentials.read(request, path);
    if (RequestOrigin.of(request).isForeign(session)
        && isForged(RequestOrigin.of(request), session, realm, credentials)) {
      return error(
          403,
          OAuthErrorException.UNAUTHORIZED_CLIENT,
          "The origin of the request is not a web origin of the client.");
    }
    var refusal = refusal(session, realm, limits, credentials);
    if (refusal == null) {
      return null;
    }
    report(refusal, session, realm, EventType.CLIENT_LOGIN);
    return DirectGrantGuard.json(refusal);
  }

  private static PasswordAttempt.@Nullable Refusal refusal(
      KeycloakSession session,
      RealmModel realm,
      GuessLimits limits,
      ClientCredentials credentials) {
    for (var id : credentials.secretOf()) {
      var refusal = PasswordAttempt.checkSecret(session, realm, limits, id);
      if (refusal != null) {
        return refusal;
      }
    }
    return credentials.hasPassword() ? PasswordAttempt.checkAddress(session, realm, limits) : null;
  }

  /**
   * Returns whether a cross-origin request would count, and no client allows pages of its origin to
   * send it. A public client has nothing to guess.
   */
  private static boolean isForged(
      RequestOrigin origin,
      KeycloakSession session,
      RealmModel realm,
      ClientCredentials credentials) {
    var named =
        credentials.clientIds().stream()
            .flatMap(id -> Stream.ofNullable(find(session, realm, id)))
            .findFirst()
            .orElse(null);
    return (credentials.hasPassword() || (named != null && !named.isPublicClient()))
        && !origin.isOf(session, named);
  }

  /**
   * Finds a client. Returns null if there is none. The database rejects queries that contain NUL.
   */
  private static @Nullable ClientModel find(KeycloakSession session, RealmModel realm, String id) {
    return id.indexOf('\0') < 0 ? session.clients().getClientByClientId(realm, id) : null;
  }

  /**
   * Checks a request to the device page. A link may contain the code (RFC 8628 §3.3.1); an image or
   * a frame is not a user who follows it.
   */
  private static @Nullable Response device(
      ContainerRequestContext request,
      KeycloakSession session,
      RealmModel realm,
      GuessLimits limits)
      throws IOException, UnacceptableFormException {
    var isForm = !request.getMethod().equals("GET");
    var hasCode =
        request.getUriInfo().getQueryParameters().containsKey(USER_CODE)
            || (isForm && FormBody.read(request).has(TYPED_USER_CODE));
    if (!hasCode) {
      return null;
    }
    var origin = RequestOrigin.of(request);
    if (origin.isForeign(session) && (isForm || !origin.isNavigation())) {
      return Response.status(Response.Status.FORBIDDEN).build();
    }
    var refusal = PasswordAttempt.checkDevice(session, realm, limits);
    if (refusal == null) {
      return null;
    }
    report(refusal, session, realm, EventType.OAUTH2_DEVICE_VERIFY_USER_CODE);
    return page(session, refusal);
  }

  private static void report(
      PasswordAttempt.Refusal refusal, KeycloakSession session, RealmModel realm, EventType type) {
    refusal.report(
        new EventBuilder(realm, session, session.getContext().getConnection()).event(type), realm);
  }

  /** Returns an OAuth 2.0 error (RFC 6749 §5.2). */
  private static Response error(int status, String code, @Nullable String description) {
    return Response.status(status)
        .entity(new OAuth2ErrorRepresentation(code, description))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header("Cache-Control", "no-store")
        .build();
  }

  private static Response page(KeycloakSession session, PasswordAttempt.Refusal refusal) {
    return GuardedPasswordForm.answer(
        session
            .getProvider(LoginFormsProvider.class)
            .setError("rowlockTooManyTries", String.valueOf(refusal.minutes()))
            .createErrorPage(Response.Status.TOO_MANY_REQUESTS),
        refusal);
  }
}
