/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link.stock;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.actiontoken.ActionTokenContext;
import org.keycloak.authentication.actiontoken.ActionTokenHandler;
import org.keycloak.authentication.actiontoken.idpverifyemail.IdpVerifyAccountLinkActionToken;
import org.keycloak.authentication.actiontoken.idpverifyemail.IdpVerifyAccountLinkActionTokenHandler;
import rowlock.keycloak.login.link.LinkButtonFilter;
import rowlock.keycloak.login.link.LinkPage;
import rowlock.keycloak.support.ExtensionFactory;

/**
 * The link that links an account of another provider. In another browser, the server shows a
 * confirmation page of its own.
 */
public final class ProviderLink extends IdpVerifyAccountLinkActionTokenHandler
    implements ExtensionFactory<ActionTokenHandler<IdpVerifyAccountLinkActionToken>> {
  @Override
  public Response handleToken(
      IdpVerifyAccountLinkActionToken token,
      ActionTokenContext<IdpVerifyAccountLinkActionToken> context) {
    if (context.isAuthenticationSessionFresh()
        || LinkButtonFilter.isPressed(context.getSession())) {
      return super.handleToken(token, context);
    }
    return LinkPage.ask(context, "rowlockLinkProvider", token.getIdentityProviderAlias());
  }

  @Override
  public int order() {
    return LinkPage.BEFORE_STOCK;
  }
}
