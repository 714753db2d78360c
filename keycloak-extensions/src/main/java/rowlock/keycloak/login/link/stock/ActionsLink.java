/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link.stock;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.actiontoken.ActionTokenContext;
import org.keycloak.authentication.actiontoken.ActionTokenHandler;
import org.keycloak.authentication.actiontoken.execactions.ExecuteActionsActionToken;
import org.keycloak.authentication.actiontoken.execactions.ExecuteActionsActionTokenHandler;
import rowlock.keycloak.login.link.LinkButtonFilter;
import rowlock.keycloak.login.link.LinkPage;
import rowlock.keycloak.support.ExtensionFactory;

/**
 * The link for actions that an administrator or a registration requires. In another browser, the
 * server shows a confirmation page of its own.
 */
public final class ActionsLink extends ExecuteActionsActionTokenHandler
    implements ExtensionFactory<ActionTokenHandler<ExecuteActionsActionToken>> {
  @Override
  public Response handleToken(
      ExecuteActionsActionToken token, ActionTokenContext<ExecuteActionsActionToken> context) {
    if (context.isAuthenticationSessionFresh()
        || LinkButtonFilter.isPressed(context.getSession())) {
      return super.handleToken(token, context);
    }
    return LinkPage.ask(context, "rowlockLinkActions");
  }

  @Override
  public int order() {
    return LinkPage.BEFORE_STOCK;
  }
}
