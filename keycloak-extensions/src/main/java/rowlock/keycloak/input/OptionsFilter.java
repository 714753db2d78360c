/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/**
 * Answers {@code OPTIONS} without content (RFC 9110 §9.3.7). Below {@code /admin}, the server
 * answers unknown paths with an object that cannot be serialized, which ends in 500 and a stack
 * trace for an anonymous request.
 */
@Provider
public final class OptionsFilter implements ContainerResponseFilter {
  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (HttpMethod.OPTIONS.equals(request.getMethod())
        && response.getStatusInfo().getFamily() == Response.Status.Family.SUCCESSFUL
        && response.hasEntity()) {
      response.setEntity(null);
      response.setStatusInfo(Response.Status.NO_CONTENT);
    }
  }
}
