/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import rowlock.keycloak.support.RealmIssuer;
import rowlock.keycloak.support.SessionLogout;

/**
 * The page behind the link in the mail. Opening it changes nothing, because mail scanners open
 * links as well. Its button ends the session and leads to the realm's own password reset.
 */
public final class EndSessionPage {
  private static final String TEMPLATE = "rowlock-end-session.ftl";

  private final KeycloakSession session;
  private final RealmModel realm;

  EndSessionPage(KeycloakSession session) {
    this.session = session;
    this.realm = Objects.requireNonNull(session.getContext().getRealm());
  }

  /** Shows the page with the button. */
  @GET
  public Response ask(@QueryParam("key") @Nullable String key) {
    if (EndSessionLink.read(session, realm, key) == null) {
      return tooLate();
    }
    return uncached(
        forms()
            .setAttribute("rowlockKey", key)
            .setAttribute("rowlockAction", issuer() + "/" + EndSessionPageFactory.ID)
            .createForm(TEMPLATE));
  }

  /** Ends the session of the token. */
  @POST
  public Response end(@FormParam("key") @Nullable String key) {
    var token = EndSessionLink.read(session, realm, key);
    return token != null && EndSessionLink.use(session, token) ? end(token) : tooLate();
  }

  private Response end(EndSessionToken token) {
    var user = session.users().getUserById(realm, token.getUserId());
    if (user == null || !user.isEnabled() || !token.isSentTo(user)) {
      return tooLate();
    }
    endSession(user, Objects.requireNonNull(token.sessionId()));
    KnownBrowsers.table(session).forget(realm.getId(), user.getId());
    if (!realm.isResetPasswordAllowed()
        || !user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE)) {
      return uncached(forms().setSuccess("rowlockEndSessionDone").createInfoPage());
    }
    return uncached(Response.seeOther(EndSessionLink.newPassword(session, realm, token)).build());
  }

  private void endSession(UserModel user, String id) {
    var userSession = session.sessions().getUserSession(realm, id);
    if (userSession == null || !userSession.getUser().getId().equals(user.getId())) {
      return;
    }
    SessionLogout.end(session, userSession);
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.LOGOUT)
        .user(user)
        .session(id)
        .success();
  }

  private Response tooLate() {
    return uncached(
        forms().setError("rowlockEndSessionTooLate").createErrorPage(Response.Status.BAD_REQUEST));
  }

  private LoginFormsProvider forms() {
    return session.getProvider(LoginFormsProvider.class);
  }

  private String issuer() {
    return RealmIssuer.of(session, realm);
  }

  private static Response uncached(Response response) {
    return Response.fromResponse(response).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
