/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.realm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Checks that the realm on a running server equals its source. Additions of a new version of
 * Keycloak fail this test by name, until {@code realm/} states them or {@code left-out.yaml} names
 * them with the reason.
 */
class CompletenessIT {
  private static final LeftOut LEFT_OUT = LeftOut.read();
  private static final JsonNode SOURCE = JSON.readTree(Realm.render(RealmServer.VALUES).json());

  /** The grants of each client. All other grants are off, and all other clients have none. */
  private static final Map<String, Set<String>> GRANTS =
      Map.of(
          "account-console", Set.of("standardFlowEnabled"),
          "task-cli",
              Set.of("standardFlowEnabled", "attributes/oauth2.device.authorization.grant.enabled"),
          "task-web", Set.of("standardFlowEnabled", "attributes/standard.token.exchange.enabled"));

  private static final List<String> ALL_GRANTS =
      List.of(
          "standardFlowEnabled",
          "implicitFlowEnabled",
          "directAccessGrantsEnabled",
          "serviceAccountsEnabled",
          "authorizationServicesEnabled",
          "attributes/oauth2.device.authorization.grant.enabled",
          "attributes/oidc.ciba.grant.enabled",
          "attributes/standard.token.exchange.enabled",
          "attributes/oauth2.jwt.authorization.grant.enabled");

  static Stream<String> clients() {
    return names(realm("/clients"), "clientId").stream();
  }

  static Stream<String> clientScopes() {
    return names(realm("/client-scopes"), "name").stream();
  }

  static Stream<String> flows() {
    return SOURCE
        .path("authenticationFlows")
        .valueStream()
        .filter(flow -> flow.path("topLevel").asBoolean())
        .map(flow -> flow.path("alias").asString());
  }

  @Test
  void everyClientOfTheServerIsStated() {
    complete("clients", names(realm("/clients"), "clientId"), stated("clients", "clientId"));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aClientIsAsStated(String name) {
    var found = realm("/clients?clientId=" + name).path(0);
    var source = having(SOURCE.path("clients"), "clientId", name);

    same(source, found, name);
    complete("attributes of client " + name, attributes(found), attributes(source));
    complete(
        "mappers of client " + name,
        names(found.path("protocolMappers"), "name"),
        names(source.path("protocolMappers"), "name"));
  }

  private static Set<String> attributes(JsonNode client) {
    var names = new TreeSet<>(client.path("attributes").propertyNames());
    names.removeAll(LEFT_OUT.names("client-attributes"));
    return names;
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aClientHasTheGrantsOfTheTableAndNoOther(String name) {
    var client = realm("/clients?clientId=" + name).path(0);

    assertThat(ALL_GRANTS.stream().filter(grant -> at(client, grant).asString("").equals("true")))
        .as("grants of " + name)
        .containsExactlyInAnyOrderElementsOf(GRANTS.getOrDefault(name, Set.of()));
    assertThat(client.path("fullScopeAllowed").asBoolean()).as("all roles").isFalse();
    if (client.path("standardFlowEnabled").asBoolean()) {
      assertThat(at(client, "attributes/pkce.code.challenge.method").asString()).isEqualTo("S256");
    }
  }

  @Test
  void everyClientScopeOfTheServerIsStated() {
    complete(
        "client scopes", names(realm("/client-scopes"), "name"), stated("clientScopes", "name"));
    assertThat(names(realm("/default-default-client-scopes"), "name"))
        .isEqualTo(texts(SOURCE.path("defaultDefaultClientScopes")));
    assertThat(names(realm("/default-optional-client-scopes"), "name"))
        .isEqualTo(texts(SOURCE.path("defaultOptionalClientScopes")));
  }

  @ParameterizedTest
  @MethodSource("clientScopes")
  void aClientScopeIsAsStated(String name) {
    var found = having(realm("/client-scopes"), "name", name);
    var source = having(SOURCE.path("clientScopes"), "name", name);

    same(source, found, name);
    complete(
        "mappers of client scope " + name,
        names(found.path("protocolMappers"), "name"),
        names(source.path("protocolMappers"), "name"));
  }

  @Test
  void everyFlowOfTheServerIsStatedOrKnownToBeUnused() {
    var known = new TreeSet<>(flows().toList());
    known.addAll(LEFT_OUT.names("flows"));

    complete("flows", names(realm("/authentication/flows"), "alias"), known);
    var bound = new TreeMap<String, String>();
    realm("")
        .properties()
        .forEach(
            member -> {
              if (member.getKey().endsWith("Flow")
                  && member.getValue().isString()
                  && !LEFT_OUT.names("realm").contains(member.getKey())) {
                bound.put(member.getKey(), member.getValue().asString());
              }
            });
    assertThat(bound).hasSizeGreaterThan(5);
    assertThat(flows()).as("flows that the realm uses").containsAll(bound.values());
  }

  @ParameterizedTest
  @MethodSource("flows")
  void aFlowHasTheStepsThatAreStated(String alias) {
    var found =
        realm("/authentication/flows/" + alias + "/executions")
            .valueStream()
            .map(
                step ->
                    step.path("level").asInt()
                        + " "
                        + (step.path("authenticationFlow").asBoolean()
                            ? step.path("displayName").asString()
                            : step.path("providerId").asString())
                        + " "
                        + step.path("requirement").asString())
            .toList();
    var stated = new ArrayList<String>();
    steps(stated, alias, 0);

    assertThat(found).isEqualTo(stated);
  }

  private static void steps(List<String> steps, String alias, int level) {
    having(SOURCE.path("authenticationFlows"), "alias", alias)
        .path("authenticationExecutions")
        .forEach(
            step -> {
              var flow = step.path("flowAlias").asString("");
              var name = flow.isEmpty() ? step.path("authenticator").asString() : flow;
              steps.add(level + " " + name + " " + step.path("requirement").asString());
              if (!flow.isEmpty()) {
                steps(steps, flow, level + 1);
              }
            });
  }

  @Test
  void everyRequiredActionOfTheServerIsStatedOrNotRegistered() {
    complete(
        "required actions",
        names(realm("/authentication/required-actions"), "alias"),
        stated("requiredActions", "alias"));
    complete(
        "required actions that are not registered",
        names(realm("/authentication/unregistered-required-actions"), "providerId"),
        LEFT_OUT.names("required-actions"));
    realm("/authentication/required-actions")
        .forEach(
            action ->
                same(
                    having(
                        SOURCE.path("requiredActions"), "alias", action.path("alias").asString()),
                    action,
                    action.path("alias").asString()));
  }

  @Test
  void everyEventTypeOfTheServerIsStoredOrLeftOutWithAReason() {
    var known = new TreeSet<>(texts(SOURCE.path("enabledEventTypes")));
    assertThat(known).doesNotContainAnyElementsOf(LEFT_OUT.names("event-types"));
    assertThat(texts(realm("/events/config").path("enabledEventTypes"))).isEqualTo(known);
    known.addAll(LEFT_OUT.names("event-types"));

    complete("event types", texts(admin().get("/serverinfo").at("/enums/eventType")), known);
  }

  @Test
  void everySettingOfTheRealmIsStated() {
    var found = realm("");
    var known = new TreeSet<>(SOURCE.propertyNames());
    known.addAll(LEFT_OUT.names("realm"));
    known.add("attributes");
    var settings = new TreeSet<>(found.propertyNames());
    settings.removeAll(known);
    assertThat(settings).as(advice("settings of the realm")).isEmpty();

    var attributes = new TreeSet<>(found.path("attributes").propertyNames());
    attributes.removeAll(SOURCE.path("attributes").propertyNames());
    attributes.removeAll(SOURCE.propertyNames()); // the server keeps some settings as attributes
    attributes.removeIf(name -> LEFT_OUT.names("realm").contains("attributes/" + name));
    assertThat(attributes).as(advice("attributes of the realm")).isEmpty();

    for (var name : LEFT_OUT.names("realm")) {
      var accepted = LEFT_OUT.value("realm", name);
      if (!accepted.isNull()) {
        assertThat(texts(at(found, name))).as(name).isEqualTo(texts(accepted));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy",
        "org.keycloak.keys.KeyProvider"
      })
  void everyComponentOfTheServerIsStated(String type) {
    complete(
        type,
        names(realm("/components?type=" + type), "name"),
        names(SOURCE.path("components").path(type), "name"));
  }

  @Test
  void everyGroupIdentityProviderAndClientPolicyOfTheServerIsStated() {
    assertThat(realm("/groups")).isEmpty();
    assertThat(realm("/default-groups")).isEmpty();
    complete(
        "identity providers",
        names(realm("/identity-provider/instances"), "alias"),
        stated("identityProviders", "alias"));
    complete(
        "client policies",
        names(realm("/client-policies/policies").path("policies"), "name"),
        names(SOURCE.at("/clientPolicies/policies"), "name"));
    complete(
        "client profiles",
        names(realm("/client-policies/profiles").path("profiles"), "name"),
        names(SOURCE.at("/clientProfiles/profiles"), "name"));
  }

  @Test
  void everyRoleOfTheServerIsStated() {
    complete("roles", names(realm("/roles"), "name"), names(SOURCE.at("/roles/realm"), "name"));
    for (var client : realm("/clients")) {
      var name = client.path("clientId").asString();
      var roles = names(realm("/clients/" + client.path("id").asString() + "/roles"), "name");
      if (!name.equals("realm-management")) { // an administrator's, which Keycloak adds itself
        complete(
            "roles of " + name,
            roles,
            names(SOURCE.path("roles").path("client").path(name), "name"));
      }
    }
    assertThat(names(realm("/roles/default-roles-rowlock/composites"), "name"))
        .containsExactlyInAnyOrder("view-profile", "manage-account", "delete-account");
  }

  /** Checks that the server has each value of the source. It may have others too. */
  private static void same(JsonNode source, JsonNode found, String path) {
    if (source.isObject()) {
      source
          .properties()
          .forEach(
              member ->
                  same(
                      member.getValue(),
                      found.path(member.getKey()),
                      path + "/" + member.getKey()));
    } else if (source.isArray() && source.path(0).isObject()) {
      source.forEach(
          element ->
              same(
                  element,
                  having(found, "name", element.path("name").asString()),
                  path + "[" + element.path("name").asString() + "]"));
    } else {
      assertThat(texts(found)).as(path).isEqualTo(texts(source));
    }
  }

  private static void complete(String what, Set<String> found, Set<String> stated) {
    assertThat(found).as(advice(what)).isEqualTo(stated);
  }

  private static String advice(String what) {
    return what
        + " of this Keycloak, compared with realm-config: state what is new in realm/, as restricted as it"
        + " can be, or name it in left-out.yaml with the reason";
  }

  private static Set<String> stated(String list, String name) {
    return names(SOURCE.path(list), name);
  }

  private static Set<String> names(JsonNode list, String name) {
    var names = new TreeSet<String>();
    list.forEach(one -> names.add(one.path(name).asString()));
    return names;
  }

  private static Set<String> texts(JsonNode values) {
    var texts = new TreeSet<String>();
    if (values.isArray()) {
      values.forEach(value -> texts.add(value.asString()));
    } else {
      texts.add(values.asString());
    }
    return texts;
  }

  private static JsonNode having(JsonNode list, String name, String value) {
    return list.valueStream()
        .filter(one -> one.path(name).asString("").equals(value))
        .findFirst()
        .orElseThrow(() -> new AssertionError(value + " is not stated: " + advice(name)));
  }

  /** Returns the value at a path. Paths have slashes, because names of attributes have dots. */
  private static JsonNode at(JsonNode node, String path) {
    var found = node;
    for (var step : path.split("/")) {
      found = found.path(step);
    }
    return found;
  }
}
