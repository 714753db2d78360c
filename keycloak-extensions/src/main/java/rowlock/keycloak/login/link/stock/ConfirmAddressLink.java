/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link.stock;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.actiontoken.ActionTokenContext;
import org.keycloak.authentication.actiontoken.ActionTokenHandler;
import org.keycloak.authentication.actiontoken.verifyemail.VerifyEmailActionToken;
import org.keycloak.authentication.actiontoken.verifyemail.VerifyEmailActionTokenHandler;
import rowlock.keycloak.login.link.LinkButtonFilter;
import rowlock.keycloak.login.link.LinkPage;
import rowlock.keycloak.support.ExtensionFactory;

/**
 * The link that confirms an address. In a browser other than the login's, the server shows a
 * confirmation page of its own.
 */
public final class ConfirmAddressLink extends VerifyEmailActionTokenHandler
    implements ExtensionFactory<ActionTokenHandler<VerifyEmailActionToken>> {
  @Override
  public Response handleToken(
      VerifyEmailActionToken token, ActionTokenContext<VerifyEmailActionToken> context) {
    if (context.isAuthenticationSessionFresh()
        || LinkButtonFilter.isPressed(context.getSession())) {
      return super.handleToken(token, context);
    }
    return LinkPage.ask(context, "rowlockLinkConfirmAddress", token.getEmail());
  }

  @Override
  public int order() {
    return LinkPage.BEFORE_STOCK;
  }
}
