/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.RealmObjects;
import rowlock.realm.plan.AppliedRecord;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;

/** Writes the settings of the realm and its texts. */
final class SettingsWriter {
  /** Scopes of new clients, with the address of each list. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "defaultDefaultClientScopes", "default-default-client-scopes",
          "defaultOptionalClientScopes", "default-optional-client-scopes");

  /** Settings with addresses of their own, or that cannot be changed. */
  private static final Set<String> ELSEWHERE =
      Set.of("defaultDefaultClientScopes", "defaultOptionalClientScopes", "defaultRole");

  private final AdminClient admin;
  private final ServerIds ids;
  private final Changes changes;
  private final FlowNames flows;

  SettingsWriter(AdminClient admin, ServerIds ids, Changes changes, FlowNames flows) {
    this.admin = admin;
    this.ids = ids;
    this.changes = changes;
    this.flows = flows;
  }

  /**
   * Writes all settings in one request: Keycloak resets some that a request does not contain to
   * their defaults. The flows that logins use change in this request.
   */
  Stream<Step> settings() {
    return changes
        .of(Kind.REALM, Change.Action.UPDATE)
        .map(change -> new Step(Changes.label(change), this::write));
  }

  private void write() {
    var declared = changes.declared(RealmObjects.SETTINGS).deepCopy();
    flows.useNames(declared, FlowReplacement.REALM_BINDINGS);
    var present = (ObjectNode) admin.get();
    var settings = Overlay.of(present, declared, ELSEWHERE);
    copyAttributesThatAreSettings(declared, settings);
    admin.put(settings);
    setDefaultScopes(declared);
  }

  /** Some attributes are settings too. Keycloak prefers the setting if a request has both. */
  private static void copyAttributesThatAreSettings(ObjectNode declared, ObjectNode settings) {
    for (var attribute : declared.path("attributes").properties()) {
      if (settings.has(attribute.getKey()) && !declared.has(attribute.getKey())) {
        settings.set(attribute.getKey(), attribute.getValue());
      }
    }
  }

  /** Removes before it adds, because a scope can be in one list only. */
  private void setDefaultScopes(ObjectNode declared) {
    for (var list : DEFAULTS.entrySet()) {
      if (declared.has(list.getKey())) {
        var wanted = RoleSets.texts(declared.path(list.getKey()));
        for (var scope : admin.get(list.getValue())) {
          if (!wanted.contains(scope.path("name").asText())) {
            admin.delete(list.getValue(), scope.path("id").asText());
          }
        }
      }
    }
    for (var list : DEFAULTS.entrySet()) {
      if (declared.has(list.getKey())) {
        var wanted = RoleSets.texts(declared.path(list.getKey()));
        admin.get(list.getValue()).forEach(scope -> wanted.remove(scope.path("name").asText()));
        wanted.forEach(scope -> admin.put(null, list.getValue(), ids.clientScope(scope)));
      }
    }
  }

  Stream<Step> texts() {
    return changes
        .written(Kind.LOCALIZATION)
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    () ->
                        change
                            .differences()
                            .forEach(
                                difference ->
                                    admin.putText(
                                        changes
                                            .declared(change.key())
                                            .path(difference.path())
                                            .asText(),
                                        "localization",
                                        change.key().name(),
                                        difference.path()))));
  }

  /** Writes the record of what was applied. */
  void record(AppliedRecord record) {
    var realm = (ObjectNode) admin.get();
    realm.withObject("/attributes").put(AppliedRecord.ATTRIBUTE, record.toText());
    admin.put(realm);
  }
}
