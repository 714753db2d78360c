/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Records in the session that the button of a link's page was pressed. {@link LinkPostFilter}
 * cannot do so: the session does not exist before the request is matched.
 */
@Provider
public final class LinkButtonFilter implements ContainerRequestFilter {
  private static final String PRESSED = LinkButtonFilter.class.getName();

  @Override
  public void filter(ContainerRequestContext request) {
    var session = KeycloakSessionUtil.getKeycloakSession();
    if (session != null && Boolean.TRUE.equals(request.getProperty(LinkPostFilter.MARK))) {
      session.setAttribute(PRESSED, Boolean.TRUE);
    }
  }

  /** Returns whether the request was sent with the button, and not by opening the link. */
  public static boolean isPressed(KeycloakSession session) {
    return Boolean.TRUE.equals(session.getAttribute(PRESSED));
  }
}
