/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;
import rowlock.keycloak.support.PasswordText;

/**
 * The first step of the direct grant flow, whose steps all run in one request. Takes a use from the
 * name's budget, and equalizes the number of hashes of all wrong passwords. The listener returns
 * the use after a successful login.
 */
final class DirectGrantGuard extends DirectGrantStep {
  @Override
  public void authenticate(AuthenticationFlowContext context) {
    var form = context.getHttpRequest().getDecodedFormParameters();
    var limits = GuessLimits.of(context.getRealm());
    var name = AccountName.readFrom(context.getSession(), context.getRealm(), form);
    if (limits != null) {
      var refusal =
          PasswordAttempt.start(context.getSession(), context.getRealm(), limits, name).refusal();
      if (refusal != null) {
        refusal.report(context.getEvent(), context.getRealm());
        // not a failed login: the password was not verified
        context.forceChallenge(json(refusal));
        return;
      }
    }
    if (form.containsKey(GuardedPasswordForm.USERNAME)) {
      PasswordHashes.compute(
          context, missingHashes(context, name, form.getFirst(CredentialRepresentation.PASSWORD)));
    }
    context.success();
  }

  /**
   * Returns the number of hashes that the following steps compute too few, if the password is
   * wrong. They compute one for an unknown name, a service account and a locked account; none if
   * the request or the account has no password.
   */
  private static int missingHashes(
      AuthenticationFlowContext context, AccountName name, @Nullable String password) {
    var hashes = password == null ? 1 : PasswordText.hashes(password);
    var user = name.user();
    if (user == null || user.getServiceAccountClientLink() != null || isLocked(context, user)) {
      return hashes - 1;
    }
    return password == null
            || !user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE)
        ? hashes
        : 0;
  }

  private static boolean isLocked(AuthenticationFlowContext context, UserModel user) {
    var session = context.getSession();
    var realm = context.getRealm();
    var protector = context.getProtector();
    return realm.isBruteForceProtected()
        && (protector.isPermanentlyLockedOut(session, realm, user)
            || protector.isTemporarilyDisabled(session, realm, user));
  }

  /** Returns an OAuth 2.0 error (RFC 6749 §5.2) with the status of RFC 6585 §4. */
  static Response json(PasswordAttempt.Refusal refusal) {
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
  public boolean requiresUser() {
    return false;
  }
}
