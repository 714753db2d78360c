/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rowlock.realm.server.AdminClient;

/**
 * Replaces authentication flows while users sign in. Steps of a flow in use are never changed one
 * by one, because a login could meet a flow without its second factor, or one that no user can
 * complete. Instead:
 *
 * <ol>
 *   <li>{@link #create}: the new flows are created beside the old ones, with a suffix in their
 *       names.
 *   <li>{@link #bind}: the realm is bound to all new flows in one request, then identity providers
 *       and clients.
 *   <li>{@link #finish}: the old flows are removed, and the new ones get their names.
 * </ol>
 *
 * <p>The suffix tells {@link #finishInterrupted} what a killed run has left.
 */
final class FlowReplacement {
  /** Ends the names of flows and settings that are not finished. */
  static final String SUFFIX = "~next";

  static final List<String> REALM_BINDINGS =
      List.of(
          "browserFlow",
          "clientAuthenticationFlow",
          "directGrantFlow",
          "dockerAuthenticationFlow",
          "firstBrokerLoginFlow",
          "registrationFlow",
          "resetCredentialsFlow");
  static final List<String> PROVIDER_BINDINGS =
      List.of("firstBrokerLoginFlowAlias", "postBrokerLoginFlowAlias");
  static final String CLIENT_BINDINGS = "authenticationFlowBindingOverrides";

  private static final String[] FLOWS = {"authentication", "flows"};
  private static final int PRIORITY_DISTANCE = 10;

  private final AdminClient admin;

  FlowReplacement(AdminClient admin) {
    this.admin = admin;
  }

  /**
   * Creates the flows of one group. Inner flows and settings that several steps share stay shared.
   */
  void create(List<ObjectNode> flows) {
    Map<String, String> created = new HashMap<>();
    Set<String> configs = new HashSet<>();
    for (var flow : flows) {
      create(flow, true, created, configs);
    }
  }

  private String create(
      JsonNode flow, boolean topLevel, Map<String, String> created, Set<String> configs) {
    var alias = flow.path("alias").asText();
    var present = created.get(alias);
    if (present != null) {
      return present;
    }
    var id =
        admin.create(
            JsonNodeFactory.instance
                .objectNode()
                .put("alias", alias + SUFFIX)
                .put("description", flow.path("description").asText())
                .put("providerId", flow.path("providerId").asText("basic-flow"))
                .put("topLevel", topLevel)
                .put("builtIn", false),
            FLOWS);
    created.put(alias, id);
    var priority = 0;
    for (var step : flow.path("steps")) {
      priority += PRIORITY_DISTANCE;
      addStep(id, step, priority, created, configs);
    }
    return id;
  }

  private void addStep(
      String flowId,
      JsonNode step,
      int priority,
      Map<String, String> created,
      Set<String> configs) {
    var execution =
        JsonNodeFactory.instance
            .objectNode()
            .put("parentFlow", flowId)
            .put("requirement", step.path("requirement").asText("DISABLED"))
            .put("priority", priority)
            .put("authenticatorFlow", step.has("flow"));
    if (step.has("authenticator")) {
      execution.set("authenticator", step.get("authenticator"));
    }
    if (step.has("flow")) {
      execution.put("flowId", create(step.get("flow"), false, created, configs));
    }
    var alias = step.path("config").path("alias").asText();
    if (configs.contains(alias)) {
      execution.put("authenticatorConfig", alias + SUFFIX);
    }
    var id = admin.create(execution, "authentication", "executions");
    if (!alias.isEmpty() && configs.add(alias)) {
      var config = JsonNodeFactory.instance.objectNode().put("alias", alias + SUFFIX);
      config.set("config", step.path("config").path("config"));
      admin.create(config, "authentication", "executions", id, "config");
    }
  }

  /**
   * Binds everything that uses an old flow to the new one: the realm in one request, then identity
   * providers and clients, whether they are declared or not.
   */
  void bind(ObjectNode server) {
    var waiting = waiting(server);
    if (waiting.isEmpty()) {
      return;
    }
    bindRealm(waiting);
    bindProviders(server, waiting);
    bindClients(server, waiting);
  }

  private void bindRealm(Map<String, JsonNode> waiting) {
    var realm = (ObjectNode) admin.get();
    var changed = false;
    for (var binding : REALM_BINDINGS) {
      if (waiting.containsKey(realm.path(binding).asText())) {
        realm.put(binding, realm.path(binding).asText() + SUFFIX);
        changed = true;
      }
    }
    if (changed) {
      admin.put(realm);
    }
  }

  private void bindProviders(ObjectNode server, Map<String, JsonNode> waiting) {
    for (var provider : server.path("identityProviders")) {
      var alias = provider.path("alias").asText();
      for (var binding : PROVIDER_BINDINGS) {
        var flow = provider.path(binding).asText();
        if (waiting.containsKey(flow)) {
          var present = (ObjectNode) admin.get("identity-provider", "instances", alias);
          admin.put(present.put(binding, flow + SUFFIX), "identity-provider", "instances", alias);
        }
      }
    }
  }

  private void bindClients(ObjectNode server, Map<String, JsonNode> waiting) {
    Map<String, String> successors = new HashMap<>();
    for (var flow : server.path("authenticationFlows")) {
      var next = waiting.get(flow.path("alias").asText());
      if (next != null) {
        successors.put(flow.path("id").asText(), next.path("id").asText());
      }
    }
    for (var client : server.path("clients")) {
      var overrides = client.path(CLIENT_BINDINGS);
      for (var override : overrides.properties()) {
        var successor = successors.get(override.getValue().asText());
        if (successor != null) {
          var id = client.path("id").asText();
          var present = (ObjectNode) admin.get("clients", id);
          present.withObject("/" + CLIENT_BINDINGS).put(override.getKey(), successor);
          admin.put(present, "clients", id);
        }
      }
    }
  }

  /** Removes the old flows and gives the new ones their names. */
  void finish(ObjectNode server) {
    var waiting = waiting(server);
    for (var flow : server.path("authenticationFlows")) {
      if (waiting.containsKey(flow.path("alias").asText()) && flow.path("topLevel").asBoolean()) {
        admin.delete("authentication", "flows", flow.path("id").asText());
      }
    }
    rename();
  }

  /** Reads the flows again, because removing a flow removes its inner flows and settings. */
  private void rename() {
    var server = admin.exportFlows();
    var flows = byAlias(server.path("authenticationFlows"));
    for (var flow : List.copyOf(flows.values())) {
      var alias = flow.path("alias").asText();
      if (alias.endsWith(SUFFIX)) {
        var name = withoutSuffix(alias);
        var orphan = flows.get(name);
        if (orphan != null) {
          admin.delete("authentication", "flows", orphan.path("id").asText());
        }
        var renamed = ((ObjectNode) flow).deepCopy().put("alias", name);
        renamed.remove("authenticationExecutions");
        admin.put(renamed, "authentication", "flows", flow.path("id").asText());
      }
    }
    for (var config : server.path("authenticatorConfig")) {
      var alias = config.path("alias").asText();
      if (alias.endsWith(SUFFIX)) {
        var renamed = ((ObjectNode) config).deepCopy().put("alias", withoutSuffix(alias));
        admin.put(renamed, "authentication", "config", config.path("id").asText());
      }
    }
  }

  /**
   * Finishes what a killed run has begun: if something is bound to a new flow, all new flows are
   * complete and replace the old ones; otherwise they are removed.
   *
   * @return whether there was something to finish
   */
  boolean finishInterrupted(ObjectNode server) {
    var unfinished = new ArrayList<JsonNode>();
    for (var flow : server.path("authenticationFlows")) {
      if (flow.path("alias").asText().endsWith(SUFFIX)) {
        unfinished.add(flow);
      }
    }
    if (unfinished.isEmpty() && !hasUnfinishedConfig(server)) {
      return false;
    }
    if (isBound(server, unfinished) || unfinished.stream().noneMatch(FlowReplacement::isTopLevel)) {
      bind(server);
      finish(admin.exportFlows());
    } else {
      unfinished.stream()
          .filter(FlowReplacement::isTopLevel)
          .forEach(flow -> admin.delete("authentication", "flows", flow.path("id").asText()));
      removeOrphans();
    }
    return true;
  }

  private static boolean isTopLevel(JsonNode flow) {
    return flow.path("topLevel").asBoolean();
  }

  private static boolean hasUnfinishedConfig(ObjectNode server) {
    for (var config : server.path("authenticatorConfig")) {
      if (config.path("alias").asText().endsWith(SUFFIX)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBound(ObjectNode server, List<JsonNode> flows) {
    Set<String> names = new HashSet<>();
    flows.forEach(flow -> names.add(flow.path("alias").asText()));
    flows.forEach(flow -> names.add(flow.path("id").asText()));
    if (REALM_BINDINGS.stream().anyMatch(name -> names.contains(server.path(name).asText()))) {
      return true;
    }
    for (var provider : server.path("identityProviders")) {
      if (PROVIDER_BINDINGS.stream()
          .anyMatch(name -> names.contains(provider.path(name).asText()))) {
        return true;
      }
    }
    for (var client : server.path("clients")) {
      for (var override : client.path(CLIENT_BINDINGS)) {
        if (names.contains(override.asText())) {
          return true;
        }
      }
    }
    return false;
  }

  /** An inner flow that was created before its step has no parent. */
  private void removeOrphans() {
    for (var flow : admin.exportFlows().path("authenticationFlows")) {
      if (flow.path("alias").asText().endsWith(SUFFIX)) {
        admin.delete("authentication", "flows", flow.path("id").asText());
      }
    }
  }

  /** Returns the new top-level flows by the names that they will have. */
  private static Map<String, JsonNode> waiting(ObjectNode server) {
    Map<String, JsonNode> waiting = new HashMap<>();
    for (var flow : server.path("authenticationFlows")) {
      var alias = flow.path("alias").asText();
      if (alias.endsWith(SUFFIX) && isTopLevel(flow)) {
        waiting.put(withoutSuffix(alias), flow);
      }
    }
    return waiting;
  }

  private static Map<String, JsonNode> byAlias(JsonNode flows) {
    Map<String, JsonNode> byAlias = new HashMap<>();
    flows.forEach(flow -> byAlias.put(flow.path("alias").asText(), flow));
    return byAlias;
  }

  private static String withoutSuffix(String alias) {
    return alias.substring(0, alias.length() - SUFFIX.length());
  }
}
