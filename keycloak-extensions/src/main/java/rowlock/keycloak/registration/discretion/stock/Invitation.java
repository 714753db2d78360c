/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion.stock;

import org.keycloak.authentication.FormContext;
import org.keycloak.authentication.actiontoken.inviteorg.InviteOrgActionToken;
import org.keycloak.models.Constants;
import org.keycloak.organization.utils.Organizations;
import rowlock.keycloak.support.RealmIssuer;

/** The invitation of an organization. */
public final class Invitation {
  private Invitation() {}

  /** Returns whether a registration follows a valid invitation. */
  public static boolean isIn(FormContext context) {
    var session = context.getSession();
    var text = context.getUriInfo().getQueryParameters().getFirst(Constants.TOKEN);
    if (text == null
        || text.chars().filter(one -> one == '.').count() != 2
        || !Organizations.isEnabled(session)) {
      return false;
    }
    var token = session.tokens().decode(text, InviteOrgActionToken.class);
    return token != null
        && token.isActive()
        && InviteOrgActionToken.TOKEN_TYPE.equals(token.getType())
        && RealmIssuer.of(session, context.getRealm()).equals(token.getIssuer());
  }
}
