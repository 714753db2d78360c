/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies a realm file to a realm {@code master} that exists, for which Keycloak has no import: its
 * settings, its authentication flows and the settings of its clients. Idempotent. Client scopes,
 * roles and components stay as they are, except that no client keeps the scope {@code
 * offline_access}.
 *
 * <p>Of the client {@code admin-cli} nothing else changes: the tools of the local stack sign in
 * with its password grant.
 */
public final class MasterRealm {
  private static final String REALM = "/realms/master";
  private static final String CLIENTS = REALM + "/clients/";
  private static final String FLOWS = REALM + "/authentication/flows/";
  private static final String EXECUTIONS = REALM + "/authentication/executions/";
  private static final String TOOLS = "admin-cli";
  private static final String OFFLINE_ACCESS = "offline_access";

  /**
   * Suffix of the clients that stand for a realm. They get no token, and Keycloak refuses to change
   * them.
   */
  private static final String REALM_CLIENT_SUFFIX = "-realm";

  /** Properties that only an import accepts, or that {@link #apply} handles itself. */
  private static final List<String> IMPORT_ONLY =
      List.of(
          "authenticationFlows",
          "authenticatorConfig",
          "clientScopeMappings",
          "clientScopes",
          "clients",
          "components",
          "defaultDefaultClientScopes",
          "defaultOptionalClientScopes",
          "defaultRole",
          "roles",
          "scopeMappings");

  private static final List<String> CLIENT_IMPORT_ONLY =
      List.of("defaultClientScopes", "optionalClientScopes", "protocolMappers");

  private final AdminApi admin;
  private final ObjectNode source;

  private MasterRealm(AdminApi admin, ObjectNode source) {
    this.admin = admin;
    this.source = source;
  }

  /**
   * Applies the content of a realm file.
   *
   * @throws IllegalStateException if the administrator cannot sign in or the server refuses a
   *     change; what was applied before stays
   */
  public static void apply(AdminApi admin, String json) {
    var master = new MasterRealm(admin, (ObjectNode) JsonMapper.shared().readTree(json));
    master.createFlows();
    master.mergeSettings();
    master.mergeClients();
    master.removeOfflineAccess();
  }

  private void mergeSettings() {
    admin.merge(REALM, source.deepCopy().without(IMPORT_ONLY).toString());
  }

  /**
   * Creates the flows. A flow is bound only when it is complete, so an unbound flow is deleted and
   * created again.
   */
  private void createFlows() {
    var bound =
        admin.get(REALM).valueStream().filter(JsonNode::isString).map(JsonNode::asString).toList();
    var present = admin.get(REALM + "/authentication/flows");
    for (var flow : source.path("authenticationFlows")) {
      var alias = flow.path("alias").asString();
      if (flow.path("topLevel").asBoolean() && !bound.contains(alias)) {
        having(present, "alias", alias)
            .forEach(unfinished -> admin.delete(FLOWS + unfinished.path("id").asString()));
        createFlow(flow);
      }
    }
  }

  private void createFlow(JsonNode flow) {
    var alias = flow.path("alias").asString();
    var description = ((ObjectNode) flow).deepCopy().without(List.of("authenticationExecutions"));
    admin.post(REALM + "/authentication/flows", description.toString());
    var steps = addSteps(flow);
    var added = admin.get(FLOWS + alias + "/executions");
    for (var index = 0; index < steps.size(); index++) {
      configure(alias, (ObjectNode) added.path(index), steps.get(index));
    }
  }

  /** Returns the steps as the server lists them: each before those of its own flow. */
  private List<JsonNode> addSteps(JsonNode flow) {
    var parent = FLOWS + flow.path("alias").asString() + "/executions/";
    var all = new ArrayList<JsonNode>();
    for (var step : flow.path("authenticationExecutions")) {
      all.add(step);
      if (step.path("authenticatorFlow").asBoolean()) {
        var inner =
            having(source.path("authenticationFlows"), "alias", step.path("flowAlias").asString())
                .findFirst()
                .orElseThrow();
        var added = JsonMapper.shared().createObjectNode();
        added.put("alias", inner.path("alias").asString());
        added.put("type", inner.path("providerId").asString());
        added.put("description", inner.path("description").asString());
        admin.post(parent + "flow", added.toString());
        all.addAll(addSteps(inner));
      } else {
        var added = JsonMapper.shared().createObjectNode();
        added.put("provider", step.path("authenticator").asString());
        admin.post(parent + "execution", added.toString());
      }
    }
    return all;
  }

  private void configure(String alias, ObjectNode added, JsonNode step) {
    added.put("requirement", step.path("requirement").asString());
    admin.put(FLOWS + alias + "/executions", added.toString());
    var config = step.path("authenticatorConfig").asString("");
    having(source.path("authenticatorConfig"), "alias", config)
        .forEach(
            found ->
                admin.post(EXECUTIONS + added.path("id").asString() + "/config", found.toString()));
  }

  private void mergeClients() {
    for (var stated : source.path("clients")) {
      var clientId = stated.path("clientId").asString();
      if (!clientId.equals(TOOLS)) {
        var settings = ((ObjectNode) stated).deepCopy().without(CLIENT_IMPORT_ONLY).toString();
        admin
            .get(REALM + "/clients?clientId=" + clientId)
            .forEach(client -> admin.merge(CLIENTS + client.path("id").asString(), settings));
      }
    }
  }

  private void removeOfflineAccess() {
    if (having(source.path("clientScopes"), "name", OFFLINE_ACCESS).findAny().isEmpty()) {
      return;
    }
    var optional = "optional-client-scopes/";
    for (var scope : admin.get(REALM + "/default-optional-client-scopes")) {
      if (scope.path("name").asString().equals(OFFLINE_ACCESS)) {
        admin.delete(REALM + "/default-" + optional + scope.path("id").asString());
      }
    }
    var scope = having(admin.get(REALM + "/client-scopes"), "name", OFFLINE_ACCESS).findFirst();
    if (scope.isEmpty()) {
      return;
    }
    var scopeId = scope.get().path("id").asString();
    for (var client : admin.get(REALM + "/clients")) {
      if (!client.path("clientId").asString().endsWith(REALM_CLIENT_SUFFIX)
          && client.path("optionalClientScopes").toString().contains('"' + OFFLINE_ACCESS + '"')) {
        admin.delete(CLIENTS + client.path("id").asString() + "/" + optional + scopeId);
      }
    }
  }

  private static Stream<JsonNode> having(JsonNode list, String name, String value) {
    return list.valueStream().filter(element -> element.path(name).asString("").equals(value));
  }
}
