/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.utils.KeycloakSessionUtil;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Extends the admin API's operation that clears the server's own login failures, of one account or
 * of all: it resets the limits of names as well.
 *
 * <p>Implemented as a filter, because the server reports the operation as an event only if it had
 * counted failures of the account itself. Its count is in memory, and empty after a restart of all
 * nodes.
 */
@Provider
public final class UnlockFilter implements ContainerResponseFilter {
  private static final int REALM = 2;
  private static final int USER = 6;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    var session = KeycloakSessionUtil.getKeycloakSession();
    if (session == null
        || !request.getMethod().equals(HttpMethod.DELETE)
        || response.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL) {
      return;
    }
    var path =
        request.getUriInfo().getPathSegments().stream()
            .map(PathSegment::getPath)
            .filter(segment -> !segment.isEmpty())
            .toList();
    if (isUnlock(path)) {
      var realm = session.realms().getRealmByName(path.get(REALM));
      if (realm != null) {
        ListenerFailures.contain(
            GuessListenerFactory.ID, "unlock", () -> unlock(session, realm, path));
      }
    }
  }

  /**
   * Matches {@code admin/realms/{realm}/attack-detection/brute-force/users} and one segment below
   * it.
   */
  private static boolean isUnlock(List<String> path) {
    return (path.size() == USER || path.size() == USER + 1)
        && path.subList(0, REALM).equals(List.of("admin", "realms"))
        && path.subList(REALM + 1, USER)
            .equals(List.of("attack-detection", "brute-force", "users"));
  }

  private static void unlock(KeycloakSession session, RealmModel realm, List<String> path) {
    if (path.size() == USER) {
      AccountLimitReset.allUnlocked(session, realm);
    } else {
      AccountLimitReset.unlocked(session, realm, path.get(USER));
    }
  }
}
