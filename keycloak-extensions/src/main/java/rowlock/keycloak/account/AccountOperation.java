/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.account;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventType;

/**
 * A change to an account through the account REST API.
 *
 * @param realm name of the realm
 * @param requiredAction alias of the page that makes the same change
 * @param event type of the event that reports it
 */
record AccountOperation(String realm, String requiredAction, EventType event) {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern VERSION = Pattern.compile("v\\d[0-9A-Za-z_-]*");

  /**
   * Returns the operation of a request, or null if the request does not address the account REST
   * API, only reads, ends sessions or revokes a consent. An unknown operation counts as a change.
   *
   * @param method HTTP method
   * @param path decoded path, relative to the root of the server
   */
  static @Nullable AccountOperation of(String method, String path) {
    var segments = segments(path);
    for (var index = 0; index + 2 < segments.size(); index++) {
      if (segments.get(index).equals("realms") && segments.get(index + 2).equals("account")) {
        return of(segments.get(index + 1), method, segments.subList(index + 3, segments.size()));
      }
    }
    return null;
  }

  /** The server ignores empty segments and matrix parameters. */
  private static List<String> segments(String path) {
    return Arrays.stream(path.split("/"))
        .map(segment -> segment.split(";", 2)[0])
        .filter(segment -> !segment.isEmpty())
        .toList();
  }

  private static @Nullable AccountOperation of(String realm, String method, List<String> path) {
    var versioned = !path.isEmpty() && VERSION.matcher(path.get(0)).matches();
    var resource = versioned ? path.subList(1, path.size()) : path;
    var name = resource.isEmpty() ? "" : resource.get(0);
    if (READING.contains(method)
        // the answer is the link that links a provider
        && !(name.equals("linked-accounts") && resource.size() > 1 && !method.equals("OPTIONS"))) {
      return null;
    }
    return switch (name) {
      case "sessions" -> null;
      case "applications" ->
          method.equals("DELETE")
              ? null
              : new AccountOperation(realm, "UPDATE_PROFILE", EventType.UPDATE_CONSENT);
      case "credentials" ->
          new AccountOperation(realm, "delete_credential", EventType.REMOVE_CREDENTIAL);
      case "linked-accounts" ->
          new AccountOperation(realm, "idp_link", EventType.REMOVE_FEDERATED_IDENTITY);
      default -> new AccountOperation(realm, "UPDATE_PROFILE", EventType.UPDATE_PROFILE);
    };
  }
}
