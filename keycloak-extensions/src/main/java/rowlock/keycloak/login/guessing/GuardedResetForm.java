/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;

/**
 * The server's own form for a forgotten password, behind budgets. Every request counts, for known
 * and unknown names alike, because each sends a mail.
 */
final class GuardedResetForm extends DelegatingAuthenticator {
  GuardedResetForm(Authenticator stock) {
    super(stock);
  }

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    stock.authenticate(context);
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    var limits = GuessLimits.of(context.getRealm());
    if (limits != null) {
      var refusal = refusal(context, limits);
      if (refusal != null) {
        refusal.report(context.getEvent(), context.getRealm());
        context.forceChallenge(
            GuardedPasswordForm.answer(
                context
                    .form()
                    .setExecution(context.getExecution().getId())
                    .setError("rowlockTooManyResets", String.valueOf(refusal.minutes()))
                    .createPasswordReset(),
                refusal));
        return;
      }
    }
    stock.action(context);
  }

  private static PasswordAttempt.@Nullable Refusal refusal(
      AuthenticationFlowContext context, GuessLimits limits) {
    var session = context.getSession();
    var realm = context.getRealm();
    var from = PasswordAttempt.peerAddress(session);
    if (!PasswordAttempt.isExempt(session, from)) {
      var address = limits.resetAddress().take(session, realm, from);
      if (!address.allowed()) {
        return new PasswordAttempt.Refusal("reset-address", address.retryAfterSeconds());
      }
    }
    var form = context.getHttpRequest().getDecodedFormParameters();
    var key = AccountName.readFrom(session, realm, form).key();
    if (key.isEmpty()) {
      // an empty name: the server shows the form again
      return null;
    }
    var account = limits.resetAccount().take(session, realm, key);
    return account.allowed()
        ? null
        : new PasswordAttempt.Refusal("reset-account", account.retryAfterSeconds());
  }
}
