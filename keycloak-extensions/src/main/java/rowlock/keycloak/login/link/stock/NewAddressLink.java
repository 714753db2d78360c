/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link.stock;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.actiontoken.ActionTokenContext;
import org.keycloak.authentication.actiontoken.ActionTokenHandler;
import org.keycloak.authentication.actiontoken.updateemail.UpdateEmailActionToken;
import org.keycloak.authentication.actiontoken.updateemail.UpdateEmailActionTokenHandler;
import rowlock.keycloak.login.link.LinkButtonFilter;
import rowlock.keycloak.login.link.LinkPage;
import rowlock.keycloak.support.ExtensionFactory;

/**
 * The link that replaces the address of an account. The server would do so on GET in any browser.
 */
public final class NewAddressLink extends UpdateEmailActionTokenHandler
    implements ExtensionFactory<ActionTokenHandler<UpdateEmailActionToken>> {
  @Override
  public Response handleToken(
      UpdateEmailActionToken token, ActionTokenContext<UpdateEmailActionToken> context) {
    if (LinkButtonFilter.isPressed(context.getSession())) {
      return super.handleToken(token, context);
    }
    return LinkPage.ask(context, "rowlockLinkNewAddress", token.getNewEmail());
  }

  @Override
  public int order() {
    return LinkPage.BEFORE_STOCK;
  }
}
