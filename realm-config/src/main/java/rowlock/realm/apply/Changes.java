/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.plan.Change;
import rowlock.realm.plan.Plan;

/** Gives the parts of a run the changes of their kinds, and the objects of both sides. */
record Changes(Plan plan) {
  Stream<Change> of(Kind kind, Change.Action... actions) {
    var wanted = List.of(actions);
    return plan.automatic().stream()
        .filter(change -> change.key().kind() == kind && wanted.contains(change.action()));
  }

  Stream<Change> written(Kind kind) {
    return of(kind, Change.Action.CREATE, Change.Action.UPDATE);
  }

  ObjectNode declared(ObjectKey key) {
    var object = plan.declared().get(key);
    return object == null ? JsonNodeFactory.instance.objectNode() : object.content();
  }

  JsonNode server(ObjectKey key) {
    var object = plan.server().get(key);
    return object == null ? JsonNodeFactory.instance.missingNode() : object.content();
  }

  /** Returns the label of a step. */
  static String label(Change change) {
    return switch (change.action()) {
      case CREATE -> "create " + change.key();
      case UPDATE -> "change " + change.key();
      case REMOVE -> "remove " + change.key();
    };
  }
}
