/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.UriUtils;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.login.guessing.stock.WebOrigins;

/**
 * The origin of a request according to the browser: {@code Sec-Fetch-Site} (Fetch Metadata §2.4),
 * and {@code Origin} for browsers without it. Programs other than browsers send neither, and a page
 * cannot forge their requests.
 *
 * @param site the value of {@code Sec-Fetch-Site}, if any
 * @param mode the value of {@code Sec-Fetch-Mode}, if any
 * @param destination the value of {@code Sec-Fetch-Dest}, if any
 * @param origin the value of {@code Origin}, if any
 */
record RequestOrigin(
    @Nullable String site,
    @Nullable String mode,
    @Nullable String destination,
    @Nullable String origin) {
  private static final String ANY = "*";

  static RequestOrigin of(ContainerRequestContext request) {
    return new RequestOrigin(
        request.getHeaderString("Sec-Fetch-Site"),
        request.getHeaderString("Sec-Fetch-Mode"),
        request.getHeaderString("Sec-Fetch-Dest"),
        request.getHeaderString("Origin"));
  }

  /**
   * Returns whether a page of another origin than the server's made the browser send the request.
   */
  boolean isForeign(KeycloakSession session) {
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    return origin != null
        && !origin.equals(UriUtils.getOrigin(session.getContext().getUri().getBaseUri()));
  }

  /**
   * Returns whether the user follows a link, as opposed to an image, a frame or a script of a page.
   */
  boolean isNavigation() {
    return "navigate".equals(mode) && "document".equals(destination);
  }

  /**
   * Returns whether a client allows pages of the origin to call the server (Cross-Origin Resource
   * Sharing).
   */
  boolean isOf(KeycloakSession session, @Nullable ClientModel client) {
    if (origin == null || client == null) {
      return false;
    }
    var origins = WebOrigins.of(session, client);
    return origins.contains(origin) || origins.contains(ANY);
  }
}
