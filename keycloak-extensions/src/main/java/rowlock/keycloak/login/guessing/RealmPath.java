/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A path below a realm, in decoded segments without matrix parameters, as the server matches it.
 *
 * @param realm the name of the realm
 * @param resource the segments after it
 */
record RealmPath(String realm, List<String> resource) {
  private static final String PROTOCOL = "protocol";

  /** Protocols that take the user's password with HTTP Basic, and have no client secrets. */
  private static final Set<String> PASSWORD_PROTOCOLS = Set.of("saml", "docker-v2");

  private static final Set<String> CLIENT_RESOURCES =
      Set.of("clients-registrations", "clients-managements", "rowlock-events");

  static Optional<RealmPath> of(UriInfo uri) {
    var segments =
        uri.getPathSegments().stream()
            .map(PathSegment::getPath)
            .filter(segment -> !segment.isEmpty())
            .toList();
    // the database refuses a query with a NUL, so no realm has one in its name
    return segments.size() > 2
            && segments.get(0).equals("realms")
            && segments.get(1).indexOf('\0') < 0
        ? Optional.of(new RealmPath(segments.get(1), segments.subList(2, segments.size())))
        : Optional.empty();
  }

  /** The page on which a user types the code of a device (RFC 8628 §3.3). */
  boolean isDevicePage() {
    return resource.get(0).equals("device");
  }

  /** Where another identity provider sends its answer, by way of the browser. */
  boolean isProviderAnswer() {
    return resource.size() > 2
        && resource.get(0).equals("broker")
        && resource.get(2).equals("endpoint");
  }

  /** Whether the server authenticates a client by the form of a request. */
  boolean takesClientForms() {
    return switch (resource.get(0)) {
      case PROTOCOL -> !takesPasswordInHeader() && !isAuthorization();
      case "broker" -> resource.size() > 2 && resource.get(2).equals("token");
      default -> CLIENT_RESOURCES.contains(resource.get(0));
    };
  }

  /** Whether a header with HTTP Basic holds a user's password. */
  boolean takesPasswordInHeader() {
    return resource.get(0).equals(PROTOCOL)
        && resource.size() > 1
        && PASSWORD_PROTOCOLS.contains(resource.get(1));
  }

  /** Any site may send users here, with a form as well (OpenID Connect Core 1.0 §3.1.2.1). */
  private boolean isAuthorization() {
    return resource.size() == 3 && resource.get(2).equals("auth");
  }

  /** A form that only names a client is a request of a browser (RP-Initiated Logout 1.0 §2). */
  boolean isLogout() {
    return resource.size() == 3
        && resource.get(0).equals(PROTOCOL)
        && resource.get(2).equals("logout");
  }
}
