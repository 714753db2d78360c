/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/**
 * The first step of the direct grant flow, whose steps all run in one request: takes one from the
 * name's budget. The listener gives it back when the login has succeeded.
 */
final class DirectGrantGuard implements Authenticator {
  @Override
  public void authenticate(AuthenticationFlowContext context) {
    var limits = GuessLimits.of(context.getRealm());
    if (limits.isPresent()) {
      var form = context.getHttpRequest().getDecodedFormParameters();
      var name = Attempt.nameOf(form.getFirst(GuardedPasswordForm.USERNAME));
      var entry = Attempt.start(context.getSession(), context.getRealm(), limits.get(), name);
      if (entry.refusal().isPresent()) {
        var refusal = entry.refusal().get();
        refusal.report(context.getEvent(), context.getRealm());
        // not a failed login: nothing was looked at
        context.forceChallenge(json(refusal));
        return;
      }
    }
    context.success();
  }

  /** An OAuth 2.0 error (RFC 6749 §5.2) with the status of RFC 6585 §4. */
  static Response json(Attempt.Refusal refusal) {
    return GuardedPasswordForm.answer(
        Response.ok(
                new OAuth2ErrorRepresentation(
                    OAuthErrorException.TEMPORARILY_UNAVAILABLE,
                    "Too many failed tries. Try again in "
                        + refusal.retryAfterSeconds()
                        + " seconds."))
            .type(MediaType.APPLICATION_JSON_TYPE)
            .header("Cache-Control", "no-store")
            .build(),
        refusal);
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    context.failure(AuthenticationFlowError.INTERNAL_ERROR);
  }

  @Override
  public boolean requiresUser() {
    return false;
  }

  @Override
  public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return true;
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

  @Override
  public void close() {}
}
