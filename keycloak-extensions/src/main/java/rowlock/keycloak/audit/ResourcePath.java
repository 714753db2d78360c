/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The path of an administrator's change in the admin API: ids and fixed words are kept, any name is
 * replaced by {@code *}.
 */
final class ResourcePath {
  /**
   * Fixed words of the admin API. A word that is missing here is logged as {@code *}, which hides
   * too much rather than too little.
   */
  private static final Set<String> WORDS =
      Set.of(
          "add-models",
          "attack-detection",
          "authentication",
          "authz",
          "brute-force",
          "certificates",
          "client-policies",
          "client-scopes",
          "client-secret",
          "clients",
          "components",
          "composites",
          "config",
          "consents",
          "credentials",
          "default-client-scopes",
          "default-groups",
          "disable-credential-types",
          "events",
          "execute-actions-email",
          "executions",
          "federated-identity",
          "flows",
          "groups",
          "identity-provider",
          "impersonation",
          "instances",
          "localization",
          "logout",
          "logout-all",
          "management",
          "mappers",
          "members",
          "models",
          "moveToFirst",
          "nodes",
          "offline-sessions",
          "optional-client-scopes",
          "organizations",
          "partialImport",
          "permissions",
          "policies",
          "policy",
          "profile",
          "profiles",
          "protocol-mappers",
          "push-revocation",
          "realm",
          "registration-access-token",
          "required-actions",
          "reset-password",
          "reset-password-email",
          "resource",
          "resource-server",
          "role-mappings",
          "roles",
          "roles-by-id",
          "scope",
          "scope-mappings",
          "send-verify-email",
          "sessions",
          "testSMTPConnection",
          "user-storage",
          "users",
          "workflows");

  // The id of a session has 24 letters since Keycloak 26.5; before, it was a UUID.
  private static final Pattern SESSION = Pattern.compile("sessions/([A-Za-z0-9_-]{20,40})");

  private ResourcePath() {}

  static @Nullable String loggable(@Nullable String path) {
    if (path == null || SESSION.matcher(path).matches()) {
      return path;
    }
    return Arrays.stream(path.split("/", 12))
        .map(
            part ->
                WORDS.contains(part) || LoggableUserId.UUID.matcher(part).matches() ? part : "*")
        .collect(Collectors.joining("/"));
  }
}
