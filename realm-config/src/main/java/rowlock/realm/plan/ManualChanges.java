/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.model.RealmObject;

/**
 * Recognizes changes that {@code apply} does not make, because they would end sessions, or because
 * Keycloak refuses them.
 */
final class ManualChanges {
  private static final String KEYS = "org.keycloak.keys.KeyProvider";
  private static final String KEY =
      "another key ends sessions: add a key with a higher priority, and remove this one later";

  /** Settings of a key provider that do not change the key. */
  private static final Set<String> HARMLESS_FOR_KEYS =
      Set.of("config.priority", "config.enabled", "config.active");

  /** Clients that Keycloak creates in each realm and needs. */
  private static final Set<String> NEEDED_CLIENTS =
      Set.of(
          "account",
          "account-console",
          "admin-cli",
          "broker",
          "master-realm",
          "realm-management",
          "security-admin-console");

  private ManualChanges() {}

  /** Divides the differences of an object into one change for each reason. */
  static List<Change> divide(ObjectKey key, RealmObject server, List<Difference> differences) {
    List<Difference> automatic = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (var difference : differences) {
      var reason = reason(key, server, difference.path());
      if (reason == null) {
        automatic.add(difference);
      } else {
        changes.add(new Change(key, Change.Action.UPDATE, List.of(difference), reason));
      }
    }
    if (!automatic.isEmpty()) {
      changes.addFirst(new Change(key, Change.Action.UPDATE, automatic, null));
    }
    return changes;
  }

  private static @Nullable String reason(ObjectKey key, RealmObject server, String path) {
    if (isKey(key) && !HARMLESS_FOR_KEYS.contains(path)) {
      return KEY;
    }
    if (key.kind() == Kind.FLOW && isBuiltIn(server)) {
      return "Keycloak does not change its own flows: declare a flow of another name and bind it";
    }
    return path.equals("defaultRole.name") ? "Keycloak does not change the default role" : null;
  }

  static @Nullable String ofRemoval(RealmObject server) {
    var key = server.key();
    if (isKey(key)) {
      return KEY;
    }
    var needed =
        switch (key.kind()) {
          case CLIENT -> NEEDED_CLIENTS.contains(key.name());
          case FLOW -> isBuiltIn(server);
          case ROLE -> key.name().startsWith("default-roles-");
          default -> key.kind().isPermanent();
        };
    return needed ? "Keycloak needs it" : null;
  }

  private static boolean isKey(ObjectKey key) {
    return key.kind() == Kind.COMPONENT && key.parent().equals(KEYS);
  }

  private static boolean isBuiltIn(RealmObject server) {
    return server.content().path("builtIn").asBoolean();
  }
}
