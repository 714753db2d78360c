/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.Authenticator;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/**
 * The first step of the direct grant flow, whose steps all run in one request: takes one from the
 * name's budget, and makes every refusal cost one password hash. The listener gives the budget back
 * when the login has succeeded.
 */
final class DirectGrantGuard implements Authenticator {
  @Override
  public void authenticate(AuthenticationFlowContext context) {
    var form = context.getHttpRequest().getDecodedFormParameters();
    var limits = GuessLimits.of(context.getRealm());
    if (limits.isPresent()) {
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
    if (isRefusedWithoutHash(
        context,
        form.getFirst(GuardedPasswordForm.USERNAME),
        form.getFirst(CredentialRepresentation.PASSWORD))) {
      hash(context);
    }
    context.success();
  }

  /**
   * Whether the steps that follow refuse an existing account without computing a hash: because the
   * request or the account has no password. They compute one for a name that is unknown, for a
   * service account, and for an account that is locked.
   */
  private static boolean isRefusedWithoutHash(
      AuthenticationFlowContext context, @Nullable String name, @Nullable String password) {
    if (name == null) {
      return false;
    }
    var session = context.getSession();
    var realm = context.getRealm();
    var user = find(session, realm, name);
    return user != null
        && user.getServiceAccountClientLink() == null
        && (password == null
            || !user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE))
        && !isLocked(context, user);
  }

  private static @Nullable UserModel find(KeycloakSession session, RealmModel realm, String name) {
    try {
      return KeycloakModelUtils.findUserByNameOrEmail(session, realm, name);
    } catch (ModelDuplicateException e) {
      return null; // the next step refuses it
    }
  }

  private static boolean isLocked(AuthenticationFlowContext context, UserModel user) {
    var session = context.getSession();
    var realm = context.getRealm();
    var protector = context.getProtector();
    return realm.isBruteForceProtected()
        && (protector.isPermanentlyLockedOut(session, realm, user)
            || protector.isTemporarilyDisabled(session, realm, user));
  }

  private static void hash(AuthenticationFlowContext context) {
    var policy = context.getRealm().getPasswordPolicy();
    var algorithm = policy.getHashAlgorithm();
    var session = context.getSession();
    var provider =
        algorithm == null
            ? session.getProvider(PasswordHashProvider.class)
            : session.getProvider(PasswordHashProvider.class, algorithm);
    provider.encodedCredential("as long as any other password", policy.getHashIterations());
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
