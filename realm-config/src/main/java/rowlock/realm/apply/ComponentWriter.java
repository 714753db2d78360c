/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.model.RealmObjects;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;

/** Writes components, the user profile and required actions. */
final class ComponentWriter {
  private static final String ACTIONS = "required-actions";

  private final AdminClient admin;
  private final ServerIds ids;
  private final Changes changes;

  ComponentWriter(AdminClient admin, ServerIds ids, Changes changes) {
    this.admin = admin;
    this.ids = ids;
    this.changes = changes;
  }

  /** Components in others follow those. */
  Stream<Step> components() {
    return changes
        .written(Kind.COMPONENT)
        .sorted(
            Comparator.comparing(
                change -> changes.declared(change.key()).has(RealmObjects.PARENT_NAME)))
        .map(change -> new Step(Changes.label(change), () -> write(change)));
  }

  private void write(Change change) {
    var declared = changes.declared(change.key()).deepCopy();
    if (declared.get("config") instanceof ObjectNode settings) {
      settings.properties().forEach(setting -> setting.setValue(asTexts(setting.getValue())));
    }
    var parent = parentOf(declared);
    declared.remove(List.of(RealmObjects.PARENT_TYPE, RealmObjects.PARENT_NAME));
    if (change.action() == Change.Action.CREATE) {
      declared.put("providerType", change.key().parent());
      declared.put("parentId", ids.of(parent));
      ids.created(change.key(), admin.create(declared, "components"));
    } else {
      var id = ids.of(change.key());
      admin.put(Overlay.of(admin.get("components", id), declared), "components", id);
    }
  }

  /** Most components are in the realm, some in another component. */
  private static ObjectKey parentOf(ObjectNode component) {
    return component.has(RealmObjects.PARENT_NAME)
        ? new ObjectKey(
            Kind.COMPONENT,
            component.path(RealmObjects.PARENT_TYPE).asText(),
            component.path(RealmObjects.PARENT_NAME).asText())
        : RealmObjects.SETTINGS;
  }

  private static JsonNode asTexts(JsonNode value) {
    var texts = JsonNodeFactory.instance.arrayNode();
    if (value.isArray()) {
      value.forEach(element -> texts.add(element.asText()));
    } else {
      texts.add(value.asText());
    }
    return texts;
  }

  /** The profile is one document, so all of it is written. */
  Stream<Step> userProfile() {
    return changes
        .written(Kind.USER_PROFILE)
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    () -> admin.put(changes.declared(change.key()), "users", "profile")));
  }

  Stream<Step> requiredActions() {
    return changes
        .written(Kind.REQUIRED_ACTION)
        .map(change -> new Step(Changes.label(change), () -> writeAction(change)));
  }

  private void writeAction(Change change) {
    var declared = changes.declared(change.key());
    if (change.action() == Change.Action.CREATE) {
      var registration =
          JsonNodeFactory.instance
              .objectNode()
              .put("providerId", declared.path("providerId").asText(alias(change)));
      registration.put("name", declared.path("name").asText(alias(change)));
      admin.create(registration, "authentication", "register-required-action");
    }
    var present = admin.get("authentication", ACTIONS, alias(change));
    admin.put(Overlay.of(present, declared), "authentication", ACTIONS, alias(change));
  }

  private static String alias(Change change) {
    return change.key().name();
  }

  void removeAction(ObjectKey key) {
    admin.delete("authentication", ACTIONS, key.name());
  }
}
