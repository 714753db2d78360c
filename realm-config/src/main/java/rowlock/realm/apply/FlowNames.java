/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/**
 * Names the flows that bindings use during a run: the new ones instead of those that they replace.
 */
final class FlowNames {
  private final AdminClient admin;
  private final Set<String> replaced;

  /**
   * @param replaced aliases of flows that this run creates or replaces
   */
  FlowNames(AdminClient admin, Set<String> replaced) {
    this.admin = admin;
    this.replaced = replaced;
  }

  /** Replaces the names of flows in bindings that hold a name. */
  void useNames(ObjectNode object, List<String> bindings) {
    for (var binding : bindings) {
      var alias = object.path(binding).asText();
      if (replaced.contains(alias)) {
        object.put(binding, alias + FlowReplacement.SUFFIX);
      }
    }
  }

  /** Replaces the names of flows in the bindings of a client, which hold an id. */
  void useIds(ObjectNode client) {
    if (!(client.get(FlowReplacement.CLIENT_BINDINGS) instanceof ObjectNode bindings)) {
      return;
    }
    Map<String, String> ids = new HashMap<>();
    for (var flow : admin.get("authentication", "flows")) {
      ids.put(flow.path("alias").asText(), flow.path("id").asText());
    }
    for (var binding : bindings.properties()) {
      var alias = binding.getValue().asText();
      var id = ids.get(replaced.contains(alias) ? alias + FlowReplacement.SUFFIX : alias);
      if (id == null) {
        throw new ServerException(
            0, "The source refers to flow " + alias + ", which does not exist");
      }
      bindings.put(binding.getKey(), id);
    }
  }
}
