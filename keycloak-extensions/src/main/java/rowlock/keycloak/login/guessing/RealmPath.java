/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path below a realm, in decoded segments without matrix parameters, as the server matches it.
 *
 * @param realm the name of the realm
 * @param resource the segments after it
 */
record RealmPath(String realm, List<String> resource) {
  private static final String PROTOCOL = "protocol";

  /** Protocols that accept the user's password with HTTP Basic, and have no client secrets. */
  private static final Set<String> PASSWORD_PROTOCOLS = Set.of("saml", "docker-v2");

  private static final Set<String> CLIENT_RESOURCES =
      Set.of("clients-registrations", "clients-managements", "rowlock-events");

  /** Returns the path of a request, or null if it is not below a realm. */
  static @Nullable RealmPath of(UriInfo uri) {
    var segments =
        uri.getPathSegments().stream()
            .map(PathSegment::getPath)
            .filter(segment -> !segment.isEmpty())
            .toList();
    // the database rejects a query with NUL, so no realm name contains one
    return segments.size() > 2
            && segments.get(0).equals("realms")
            && segments.get(1).indexOf('\0') < 0
        ? new RealmPath(segments.get(1), segments.subList(2, segments.size()))
        : null;
  }

  /** Returns whether this is the page for the user code of a device (RFC 8628 §3.3). */
  boolean isDevicePage() {
    return resource.get(0).equals("device");
  }

  /**
   * Returns whether this is the endpoint to which the browser returns from another identity
   * provider.
   */
  boolean isProviderAnswer() {
    return resource.size() > 2
        && resource.get(0).equals("broker")
        && resource.get(2).equals("endpoint");
  }

  /** Returns whether the server authenticates a client by the form of a request. */
  boolean takesClientForms() {
    return switch (resource.get(0)) {
      case PROTOCOL -> !takesPasswordInHeader() && !isAuthorization();
      case "broker" -> resource.size() > 2 && resource.get(2).equals("token");
      default -> CLIENT_RESOURCES.contains(resource.get(0));
    };
  }

  /** Returns whether HTTP Basic carries a user's password. */
  boolean takesPasswordInHeader() {
    return resource.get(0).equals(PROTOCOL)
        && resource.size() > 1
        && PASSWORD_PROTOCOLS.contains(resource.get(1));
  }

  /**
   * Returns whether this is the authorization endpoint, to which any site may send users, also with
   * a form (OpenID Connect Core 1.0 §3.1.2.1).
   */
  private boolean isAuthorization() {
    return resource.size() == 3 && resource.get(2).equals("auth");
  }

  /**
   * Returns whether this is the logout endpoint, where a form that only names a client comes from a
   * browser (RP-Initiated Logout 1.0 §2).
   */
  boolean isLogout() {
    return resource.size() == 3
        && resource.get(0).equals(PROTOCOL)
        && resource.get(2).equals("logout");
  }
}
