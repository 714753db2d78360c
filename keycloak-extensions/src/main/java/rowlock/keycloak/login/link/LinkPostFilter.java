/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.link;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/**
 * Accepts the POST of the button on a link's page. The server's endpoint for links in mails has
 * methods for GET and HEAD only: the POST is marked and matched as a GET.
 */
@Provider
@PreMatching
public final class LinkPostFilter implements ContainerRequestFilter {
  /** Request property of a request that was a POST. */
  static final String MARK = LinkPostFilter.class.getName();

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getMethod().equals(HttpMethod.POST)
        && isLink(request.getUriInfo().getPathSegments())) {
      request.setProperty(MARK, Boolean.TRUE);
      request.setMethod(HttpMethod.GET);
    }
  }

  private static boolean isLink(List<PathSegment> path) {
    return path.size() == 4
        && path.get(0).getPath().equals("realms")
        && path.get(2).getPath().equals("login-actions")
        && path.get(3).getPath().equals("action-token");
  }
}
