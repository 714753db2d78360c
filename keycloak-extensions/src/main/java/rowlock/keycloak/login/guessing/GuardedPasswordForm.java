/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.FlowStatus;
import org.keycloak.events.Errors;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.representations.idm.CredentialRepresentation;
import rowlock.keycloak.login.guessing.stock.LoginForm;
import rowlock.keycloak.support.PasswordText;

/**
 * The server's own form for name and password, passkeys included, behind the budgets. Wraps the
 * form, because the server runs a preceding step when it shows the form but not when the form is
 * submitted.
 */
final class GuardedPasswordForm extends DelegatingAuthenticator {
  static final String USERNAME = "username";
  private static final int TOO_MANY_REQUESTS = 429;

  /** Errors that the server returns without verifying the password. */
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
    if (form.containsKey("cancel")) {
      // the server ends the login before it reads a name
      stock.action(context);
    } else if (PasskeyResponse.isIn(context.getRealm(), form)) {
      verifyPasskey(context, limits, form);
    } else if (limits == null) {
      stock.action(context);
    } else {
      verifyPassword(context, limits, form);
    }
  }

  private void verifyPassword(
      AuthenticationFlowContext context, GuessLimits limits, MultivaluedMap<String, String> form) {
    var session = context.getSession();
    var realm = context.getRealm();
    var user = LoginForm.identified(context);
    var entry =
        user == null
            ? PasswordAttempt.start(
                session, realm, limits, AccountName.readFrom(session, realm, form))
            : PasswordAttempt.start(session, realm, limits, user);
    var refusal = entry.refusal();
    if (refusal != null) {
      refuse(context, refusal);
      return;
    }
    var attempt = entry.attempt();
    if (attempt != null && attempt.isFromKnownBrowser()) {
      context.getEvent().detail(PasswordAttempt.KNOWN_BROWSER, "true");
    }
    stock.action(context);
    if (context.getStatus() == FlowStatus.SUCCESS) {
      context.getEvent().removeDetail(PasswordAttempt.KNOWN_BROWSER);
      if (attempt != null) {
        attempt.succeeded();
      }
    } else {
      equalizeHashes(context, form.getFirst(CredentialRepresentation.PASSWORD));
    }
  }

  /**
   * Verifies a passkey. It cannot be guessed, so only its address is limited and, if an earlier
   * step has identified the account, the name. Otherwise the account of an earlier password attempt
   * is forgotten, because the server would report a failed response to it: a response without a
   * passkey neither locks an account nor depends on one.
   */
  private void verifyPasskey(
      AuthenticationFlowContext context,
      @Nullable GuessLimits limits,
      MultivaluedMap<String, String> form) {
    var user = LoginForm.identified(context);
    var entry = limits == null ? null : passkeyEntry(context, limits, user);
    var refusal = entry == null ? null : entry.refusal();
    if (refusal != null) {
      refuse(context, refusal);
      return;
    }
    if (user == null) {
      context.clearUser();
      LoginForm.forgetName(context);
    }
    if (PasskeyResponse.isReadable(form) && (user == null || PasskeyResponse.isOfferedTo(user))) {
      stock.action(context);
      var attempt = entry == null ? null : entry.attempt();
      if (attempt != null && context.getStatus() == FlowStatus.SUCCESS) {
        attempt.succeeded();
      }
    } else {
      context.getEvent().error(Errors.INVALID_USER_CREDENTIALS);
      context.form().setError(LoginForm.PASSKEY_ERROR, "");
      stock.authenticate(context);
    }
  }

  private static PasswordAttempt.Entry passkeyEntry(
      AuthenticationFlowContext context, GuessLimits limits, @Nullable UserModel user) {
    var session = context.getSession();
    var realm = context.getRealm();
    return user == null
        ? new PasswordAttempt.Entry(null, PasswordAttempt.checkAddress(session, realm, limits))
        : PasswordAttempt.start(session, realm, limits, user);
  }

  /**
   * Equalizes the cost of all wrong passwords: {@link PasswordText#hashes} hashes. The server
   * computes one for an unknown name, and none for a locked account, an account without a password,
   * or an empty password, which would reveal that the account exists.
   */
  private static void equalizeHashes(AuthenticationFlowContext context, @Nullable String password) {
    var event = context.getEvent().getEvent();
    var typed = password == null ? "" : password;
    var hashes = PasswordText.hashes(typed);
    if (event.getUserId() == null) {
      PasswordHashes.compute(context, hashes - 1);
    } else if (typed.isEmpty()
        || WITHOUT_HASH.contains(String.valueOf(event.getError()))
        || hasNoPassword(context, event.getUserId())) {
      PasswordHashes.compute(context, hashes);
    }
  }

  private static boolean hasNoPassword(AuthenticationFlowContext context, String userId) {
    var user = context.getSession().users().getUserById(context.getRealm(), userId);
    return user != null && !user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE);
  }

  private static void refuse(AuthenticationFlowContext context, PasswordAttempt.Refusal refusal) {
    refusal.report(context.getEvent(), context.getRealm());
    var page = context.form().setExecution(context.getExecution().getId());
    if (LoginForm.identified(context) != null) {
      page.setAttribute(LoginFormsProvider.USERNAME_HIDDEN, true);
      page.setAttribute(LoginFormsProvider.REGISTRATION_DISABLED, true);
    }
    context.forceChallenge(
        answer(
            page.setError("rowlockTooManyTries", String.valueOf(refusal.minutes()))
                .createLoginUsernamePassword(),
            refusal));
  }

  /** Returns a page with status 429 and {@code Retry-After} (RFC 6585 §4). */
  static Response answer(Response page, PasswordAttempt.Refusal refusal) {
    return Response.fromResponse(page)
        .status(TOO_MANY_REQUESTS)
        .header(HttpHeaders.RETRY_AFTER, refusal.retryAfterSeconds())
        .build();
  }
}
