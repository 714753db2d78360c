/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.WebAuthnConstants;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.FlowStatus;
import org.keycloak.common.Profile;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.events.Errors;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.representations.idm.CredentialRepresentation;

/**
 * The server's own form for name and password, passkeys included, behind the budgets. It stands
 * around the form, not before it: the server runs what is before a form when it shows the form, and
 * not when somebody sends it.
 */
final class GuardedPasswordForm extends AroundStock {
  static final String USERNAME = "username";
  private static final int TOO_MANY_REQUESTS = 429;

  /** What the server answers to without having looked at the password. */
  private static final Set<String> WITHOUT_HASH =
      Set.of(Errors.USER_TEMPORARILY_DISABLED, Errors.USER_DISABLED);

  GuardedPasswordForm(Authenticator stock) {
    super(stock);
  }

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    stock.authenticate(context);
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    var form = context.getHttpRequest().getDecodedFormParameters();
    var limits = GuessLimits.of(context.getRealm());
    if (limits.isEmpty() || isNoPassword(context.getRealm(), form)) {
      stock.action(context);
      return;
    }
    var user = context.getUser();
    var name = Attempt.nameOf(user == null ? form.getFirst(USERNAME) : user.getUsername());
    var entry = Attempt.start(context.getSession(), context.getRealm(), limits.get(), name);
    if (entry.refusal().isPresent()) {
      refuse(context, entry.refusal().get());
      return;
    }
    var attempt = entry.attempt().orElseThrow();
    if (attempt.isFromKnownBrowser()) {
      context.getEvent().detail(Attempt.KNOWN_BROWSER, "true");
    }
    stock.action(context);
    if (context.getStatus() == FlowStatus.SUCCESS) {
      context.getEvent().removeDetail(Attempt.KNOWN_BROWSER);
      attempt.succeeded();
    } else {
      takeAsLongAsForAStranger(context, form.getFirst(CredentialRepresentation.PASSWORD));
    }
  }

  /**
   * What the stock form takes for something else, and cannot be guessed: "cancel", and the answer
   * of a passkey, whose failures count against the address. A field that is left out is a password
   * like any other.
   */
  private static boolean isNoPassword(RealmModel realm, MultivaluedMap<String, String> form) {
    return form.containsKey("cancel")
        || (Profile.isFeatureEnabled(Profile.Feature.PASSKEYS)
            && Boolean.TRUE.equals(realm.getWebAuthnPolicyPasswordless().isPasskeysEnabled())
            && (form.containsKey(WebAuthnConstants.AUTHENTICATOR_DATA)
                || form.containsKey(WebAuthnConstants.ERROR)));
  }

  /**
   * The server computes a hash for names that it does not know, so that they take as long as those
   * that it knows; but none for an account that is locked or has no password, nor for an empty one,
   * which would tell that there is such an account.
   */
  private static void takeAsLongAsForAStranger(
      AuthenticationFlowContext context, @Nullable String password) {
    var event = context.getEvent().getEvent();
    if (event.getUserId() == null
        || !(password == null
            || password.isEmpty()
            || WITHOUT_HASH.contains(String.valueOf(event.getError()))
            || hasNoPassword(context, event.getUserId()))) {
      return;
    }
    var policy = context.getRealm().getPasswordPolicy();
    var algorithm = policy.getHashAlgorithm();
    var hash =
        algorithm == null
            ? context.getSession().getProvider(PasswordHashProvider.class)
            : context.getSession().getProvider(PasswordHashProvider.class, algorithm);
    hash.encodedCredential("as long as any other password", policy.getHashIterations());
  }

  private static boolean hasNoPassword(AuthenticationFlowContext context, String userId) {
    var user = context.getSession().users().getUserById(context.getRealm(), userId);
    return user != null && !user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE);
  }

  private static void refuse(AuthenticationFlowContext context, Attempt.Refusal refusal) {
    refusal.report(context.getEvent(), context.getRealm());
    var page = context.form().setExecution(context.getExecution().getId());
    if (context.getUser() != null) {
      page.setAttribute(LoginFormsProvider.USERNAME_HIDDEN, true);
      page.setAttribute(LoginFormsProvider.REGISTRATION_DISABLED, true);
    }
    context.forceChallenge(
        answer(
            page.setError("rowlockTooManyTries", String.valueOf(refusal.minutes()))
                .createLoginUsernamePassword(),
            refusal));
  }

  /** RFC 6585 §4. */
  static Response answer(Response page, Attempt.Refusal refusal) {
    return Response.fromResponse(page)
        .status(TOO_MANY_REQUESTS)
        .header(HttpHeaders.RETRY_AFTER, refusal.retryAfterSeconds())
        .build();
  }
}
