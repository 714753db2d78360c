/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.plan.Change;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/**
 * Writes authentication flows. Descriptions and settings of steps change in place, each in one
 * request. Flows whose steps differ are replaced as a whole.
 */
final class FlowWriter {
  /** Differences that do not concern which steps there are. */
  private static final Pattern IN_PLACE =
      Pattern.compile("(?:.*\\.)?description|.*\\.config\\.config\\..*");

  private final AdminClient admin;
  private final Changes changes;
  private final FlowReplacement replacement;
  private final Set<String> replaced;

  FlowWriter(AdminClient admin, Changes changes, FlowReplacement replacement) {
    this.admin = admin;
    this.changes = changes;
    this.replacement = replacement;
    this.replaced = replaced(changes);
  }

  /** Returns the names of the flows that this run creates or replaces. */
  Set<String> replaced() {
    return replaced;
  }

  private static Set<String> replaced(Changes changes) {
    Set<String> replaced = new TreeSet<>();
    changes.of(Kind.FLOW, Change.Action.CREATE).forEach(flow -> replaced.add(flow.key().name()));
    changes
        .of(Kind.FLOW, Change.Action.UPDATE)
        .filter(FlowWriter::hasOtherSteps)
        .forEach(flow -> replaced.add(flow.key().name()));
    addThoseThatShare(changes, replaced);
    return replaced;
  }

  private static boolean hasOtherSteps(Change change) {
    return change.differences().stream()
        .anyMatch(difference -> !IN_PLACE.matcher(difference.path()).matches());
  }

  /**
   * Removing a flow also removes its inner flows and settings. A flow that shares one of them must
   * therefore be replaced too.
   */
  private static void addThoseThatShare(Changes changes, Set<String> replaced) {
    boolean added;
    do {
      Set<String> names = new HashSet<>();
      for (var flow : replaced) {
        var key = new ObjectKey(Kind.FLOW, flow);
        addNames(names, changes.declared(key));
        addNames(names, changes.server(key));
      }
      added = false;
      for (var flow : changes.plan().server().values()) {
        var key = flow.key();
        Set<String> own = new HashSet<>();
        addNames(own, flow.content());
        own.retainAll(names);
        if (key.kind() == Kind.FLOW && !replaced.contains(key.name()) && !own.isEmpty()) {
          requireReplaceable(changes, key, own);
          added |= replaced.add(key.name());
        }
      }
    } while (added);
  }

  private static void requireReplaceable(Changes changes, ObjectKey key, Set<String> shared) {
    if (!changes.plan().declared().containsKey(key)
        || changes.server(key).path("builtIn").asBoolean()) {
      throw new ServerException(
          0,
          key
              + " is not declared and uses "
              + String.join(", ", new TreeSet<>(shared))
              + " of a flow that changes: declare it, or choose other names");
    }
  }

  /** Adds the names of a flow, its inner flows and its settings. */
  private static void addNames(Set<String> names, JsonNode flow) {
    if (flow.has("alias")) {
      names.add("flow " + flow.path("alias").asText());
    }
    for (var step : flow.path("steps")) {
      if (step.has("config")) {
        names.add("settings " + step.path("config").path("alias").asText());
      }
      addNames(names, step.path("flow"));
    }
  }

  Stream<Step> creation() {
    if (replaced.isEmpty()) {
      return Stream.empty();
    }
    List<ObjectNode> flows = new ArrayList<>();
    replaced.forEach(name -> flows.add(changes.declared(new ObjectKey(Kind.FLOW, name))));
    return Stream.of(
        new Step(
            "create the new flows " + String.join(", ", replaced),
            () -> replacement.create(flows)));
  }

  /** Follows the settings of the realm and the providers, which bind most flows. */
  Stream<Step> completion() {
    if (replaced.isEmpty()) {
      return Stream.empty();
    }
    return Stream.of(
        new Step("bind the new flows", () -> replacement.bind(admin.exportFlows())),
        new Step(
            "remove the flows that they replace", () -> replacement.finish(admin.exportFlows())));
  }

  Stream<Step> inPlace() {
    return changes
        .of(Kind.FLOW, Change.Action.UPDATE)
        .filter(change -> !replaced.contains(change.key().name()))
        .map(
            change ->
                new Step(
                    Changes.label(change),
                    () -> write(changes.declared(change.key()), changes.server(change.key()))));
  }

  /** Both have the same steps. */
  private void write(JsonNode declared, JsonNode server) {
    var description = declared.path("description").asText();
    if (declared.has("description") && !description.equals(server.path("description").asText())) {
      var id = server.path("id").asText();
      var flow = (ObjectNode) admin.get("authentication", "flows", id);
      flow.remove("authenticationExecutions");
      admin.put(flow.put("description", description), "authentication", "flows", id);
    }
    for (var index = 0; index < declared.path("steps").size(); index++) {
      var step = declared.path("steps").path(index);
      var present = server.path("steps").path(index);
      if (step.has("config")) {
        writeConfig((ObjectNode) step.path("config"), present.path("config").path("id").asText());
      }
      write(step.path("flow"), present.path("flow"));
    }
  }

  private void writeConfig(ObjectNode declared, String id) {
    var present = admin.get("authentication", "config", id);
    var config = Overlay.of(present, declared);
    if (!config.equals(present)) {
      admin.put(config, "authentication", "config", id);
    }
  }
}
