/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds top-level flows that contain their inner flows and the settings of their steps. Keycloak
 * lists flows, inner flows and settings separately and connects them by name.
 *
 * <p>A flow has {@code alias}, {@code description}, {@code providerId} and {@code steps}. A step
 * has {@code authenticator}, {@code requirement}, and if it has them {@code config} and {@code
 * flow}. Steps are in the order of their priorities, which therefore need not be compared.
 */
final class FlowTree {
  /** Deeper flows, or flows that contain themselves, are refused. */
  private static final int MAX_DEPTH = 20;

  private final Map<String, ObjectNode> flows = new HashMap<>();
  private final Map<String, ObjectNode> settings = new HashMap<>();
  private final RealmObjects.Moves moves;

  FlowTree(JsonNode realm, RealmObjects.Moves moves) {
    this.moves = moves;
    for (var flow : realm.path("authenticationFlows")) {
      if (flow instanceof ObjectNode object) {
        flows.put(object.path("alias").asText(), object);
      }
    }
    for (var config : realm.path("authenticatorConfig")) {
      if (config instanceof ObjectNode object) {
        settings.put(object.path("alias").asText(), object);
      }
    }
  }

  List<ObjectNode> topLevel() {
    return flows.values().stream()
        .filter(flow -> flow.path("topLevel").asBoolean())
        .map(flow -> build(flow, 0))
        .toList();
  }

  private ObjectNode build(ObjectNode flow, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "Flow " + flow.path("alias").asText() + " contains itself or is too deep");
    }
    var built = JsonNodeFactory.instance.objectNode();
    for (var name : List.of("id", "alias", "description", "providerId", "builtIn")) {
      copy(flow, name, built, name);
    }
    var steps = built.putArray("steps");
    moves.moved(built, "steps", flow, "authenticationExecutions");
    ordered(flow.path("authenticationExecutions"))
        .forEach(execution -> steps.add(step(execution, depth)));
    return built;
  }

  private static List<JsonNode> ordered(JsonNode executions) {
    List<JsonNode> ordered = new ArrayList<>();
    executions.forEach(ordered::add);
    ordered.sort(Comparator.comparingInt(execution -> execution.path("priority").asInt()));
    return ordered;
  }

  private ObjectNode step(JsonNode execution, int depth) {
    var step = JsonNodeFactory.instance.objectNode();
    copy(execution, "authenticator", step, "authenticator");
    copy(execution, "requirement", step, "requirement");
    var config = settings.get(execution.path("authenticatorConfig").asText());
    if (config != null) {
      step.set("config", config);
      moves.moved(step, "config", execution, "authenticatorConfig");
    }
    var inner = innerFlow(execution);
    if (inner != null) {
      step.set("flow", build(inner, depth + 1));
      moves.moved(step, "flow", execution, "flowAlias");
    }
    return step;
  }

  private @Nullable ObjectNode innerFlow(JsonNode execution) {
    var alias = execution.path("flowAlias").asText();
    return alias.isEmpty() ? null : flows.get(alias);
  }

  private void copy(JsonNode from, String name, ObjectNode into, String newName) {
    if (from.hasNonNull(name)) {
      into.set(newName, from.get(name));
      moves.moved(into, newName, from, name);
    }
  }

  /** Returns all steps of a built flow with those of its inner flows, outer first. */
  static List<ObjectNode> steps(JsonNode flow) {
    List<ObjectNode> all = new ArrayList<>();
    if (flow.get("steps") instanceof ArrayNode steps) {
      for (var step : steps) {
        all.add((ObjectNode) step);
        all.addAll(steps(step.path("flow")));
      }
    }
    return all;
  }
}
