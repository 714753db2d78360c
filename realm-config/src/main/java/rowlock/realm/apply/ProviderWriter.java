/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;

/** Writes identity providers and their mappers. */
final class ProviderWriter {
  private static final String PROVIDERS = "identity-provider";
  private static final String INSTANCES = "instances";
  private static final String MAPPERS = "mappers";

  private final AdminClient admin;
  private final ServerIds ids;
  private final Changes changes;
  private final FlowNames flows;

  ProviderWriter(AdminClient admin, ServerIds ids, Changes changes, FlowNames flows) {
    this.admin = admin;
    this.ids = ids;
    this.changes = changes;
    this.flows = flows;
  }

  Stream<Step> providers() {
    return changes
        .written(Kind.IDENTITY_PROVIDER)
        .map(change -> new Step(Changes.label(change), () -> write(change)));
  }

  private void write(Change change) {
    var declared = changes.declared(change.key()).deepCopy();
    flows.useNames(declared, FlowReplacement.PROVIDER_BINDINGS);
    if (change.action() == Change.Action.CREATE) {
      admin.create(declared, PROVIDERS, INSTANCES);
    } else {
      String[] path = {PROVIDERS, INSTANCES, change.key().name()};
      admin.put(Overlay.of(admin.get(path), declared), path);
    }
  }

  Stream<Step> mappers() {
    return changes
        .written(Kind.IDENTITY_PROVIDER_MAPPER)
        .map(change -> new Step(Changes.label(change), () -> writeMapper(change)));
  }

  private void writeMapper(Change change) {
    var declared = changes.declared(change.key());
    var provider = change.key().parent();
    if (change.action() == Change.Action.CREATE) {
      admin.create(declared, PROVIDERS, INSTANCES, provider, MAPPERS);
    } else {
      String[] path = {PROVIDERS, INSTANCES, provider, MAPPERS, ids.of(change.key())};
      admin.put(Overlay.of(admin.get(path), declared), path);
    }
  }

  void remove(ObjectKey key) {
    if (key.kind() == Kind.IDENTITY_PROVIDER) {
      admin.delete(PROVIDERS, INSTANCES, key.name());
    } else {
      admin.delete(PROVIDERS, INSTANCES, key.parent(), MAPPERS, ids.of(key));
    }
  }
}
