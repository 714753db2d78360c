/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.actiontoken.ActionTokenContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.representations.JsonWebToken;

/** The confirmation page for links that the server would otherwise act on when they are opened. */
public final class LinkPage {
  /**
   * Order of our handlers: the server takes the handler with the highest order, and its own have 0.
   */
  public static final int BEFORE_STOCK = 1;

  private static final String TEMPLATE = "rowlock-link.ftl";

  private LinkPage() {}

  /**
   * Shows a button that sends the same address as a POST.
   *
   * @param message message key of what the button does
   * @param parameters of the message
   */
  public static <T extends JsonWebToken> Response ask(
      ActionTokenContext<T> context, String message, String... parameters) {
    var login = context.getAuthenticationSession();
    var forms =
        context
            .getSession()
            .getProvider(LoginFormsProvider.class)
            .setAuthenticationSession(login)
            .setUser(login.getAuthenticatedUser());
    var page =
        forms
            .setAttribute("rowlockLink", context.getUriInfo().getRequestUri().toString())
            .setAttribute("rowlockWhat", forms.getMessage(message, (Object[]) parameters))
            .createForm(TEMPLATE);
    return Response.fromResponse(page).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
