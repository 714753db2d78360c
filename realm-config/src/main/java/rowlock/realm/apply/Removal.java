/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import java.util.List;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/** Removes objects that are no longer declared: what refers to others before them. */
final class Removal {
  private static final List<Kind> ORDER =
      List.of(
          Kind.CLIENT_POLICY,
          Kind.CLIENT_PROFILE,
          Kind.IDENTITY_PROVIDER_MAPPER,
          Kind.IDENTITY_PROVIDER,
          Kind.REQUIRED_ACTION,
          Kind.COMPONENT,
          Kind.LOCALIZATION,
          Kind.GROUP,
          Kind.SCOPE_MAPPING,
          Kind.CLIENT_ROLE,
          Kind.CLIENT,
          Kind.FLOW,
          Kind.CLIENT_SCOPE,
          Kind.ROLE);

  private static final int NOT_FOUND = 404;

  private final AdminClient admin;
  private final ServerIds ids;
  private final Changes changes;
  private final RoleWriter roles;
  private final ComponentWriter components;
  private final ProviderWriter providers;
  private final PolicyWriter policies;

  Removal(
      AdminClient admin,
      ServerIds ids,
      Changes changes,
      RoleWriter roles,
      ComponentWriter components,
      ProviderWriter providers,
      PolicyWriter policies) {
    this.admin = admin;
    this.ids = ids;
    this.changes = changes;
    this.roles = roles;
    this.components = components;
    this.providers = providers;
    this.policies = policies;
  }

  Stream<Step> steps() {
    return ORDER.stream()
        .flatMap(kind -> changes.of(kind, Change.Action.REMOVE))
        .sorted(Removal::innerFirst)
        .map(change -> new Step(Changes.label(change), () -> removeIfPresent(change.key())));
  }

  /** Keycloak removes what is in an object with it, such as the mappers of a directory. */
  private void removeIfPresent(ObjectKey key) {
    try {
      remove(key);
    } catch (ServerException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    }
  }

  /** A group is removed with those in it, so those come first. */
  private static int innerFirst(Change one, Change other) {
    return one.key().kind() == Kind.GROUP && other.key().kind() == Kind.GROUP
        ? other.key().name().compareTo(one.key().name())
        : Integer.compare(ORDER.indexOf(one.key().kind()), ORDER.indexOf(other.key().kind()));
  }

  private void remove(ObjectKey key) {
    switch (key.kind()) {
      case CLIENT_POLICY, CLIENT_PROFILE -> policies.remove(key);
      case IDENTITY_PROVIDER, IDENTITY_PROVIDER_MAPPER -> providers.remove(key);
      case REQUIRED_ACTION -> components.removeAction(key);
      case COMPONENT -> admin.delete("components", ids.of(key));
      case LOCALIZATION -> admin.delete("localization", key.name());
      case GROUP -> admin.delete("groups", ids.of(key));
      case SCOPE_MAPPING -> roles.removeScopeMapping(key);
      case CLIENT -> admin.delete("clients", ids.of(key));
      case FLOW -> admin.delete("authentication", "flows", ids.of(key));
      case CLIENT_SCOPE -> admin.delete("client-scopes", ids.of(key));
      case ROLE, CLIENT_ROLE -> admin.delete("roles-by-id", ids.of(key));
      case REALM, USER_PROFILE, SERVICE_ACCOUNT ->
          throw new IllegalStateException(key + " is never removed");
    }
  }
}
