/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Divides a realm representation into its objects. The source and the server have the same form, so
 * the same division applies to both.
 */
public final class RealmObjects {
  /** Name of the object with the settings of the realm itself. */
  public static final ObjectKey SETTINGS = new ObjectKey(Kind.REALM, "settings");

  /** Type of the component that contains the user profile. */
  public static final String USER_PROFILE_TYPE = "org.keycloak.userprofile.UserProfileProvider";

  /** Client scope that Keycloak gives to each client with a service account. */
  public static final String SERVICE_ACCOUNT_SCOPE = "service_account";

  /** Member of a component in another one: the type of that component. */
  public static final String PARENT_TYPE = "parentType";

  /** Member of a component in another one: the name of that component. */
  public static final String PARENT_NAME = "parentName";

  private static final String SUB_COMPONENTS = "subComponents";
  private static final String USER_PROFILE_SETTING = "kc.user.profile.config";

  /** Parts of a realm that are no settings of the realm itself. */
  private static final Set<String> DIVIDED =
      Set.of(
          "authenticationFlows",
          "authenticatorConfig",
          "clientPolicies",
          "clientProfiles",
          "clientScopeMappings",
          "clientScopes",
          "clients",
          "components",
          "groups",
          "identityProviderMappers",
          "identityProviders",
          "localizationTexts",
          "requiredActions",
          "roles",
          "scopeMappings",
          "users");

  /**
   * Parts that no plan compares: users and keys are never touched, and the others are only known to
   * an import.
   */
  private static final Set<String> REFUSED =
      Set.of(
          "applicationScopeMappings",
          "applications",
          "certificate",
          "clientTemplates",
          "codeSecret",
          "federatedUsers",
          "id",
          "keycloakVersion",
          "oauthClients",
          "organizations",
          "privateKey",
          "publicKey",
          "requiredCredentials",
          "socialProviders",
          "userFederationMappers",
          "userFederationProviders");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SortedMap<ObjectKey, RealmObject> objects = new TreeMap<>();
  private final Moves moves;
  private final boolean strict;

  private RealmObjects(Moves moves, boolean strict) {
    this.moves = moves;
    this.strict = strict;
  }

  /** Receives, for each value that the division moves, the object that contained it. */
  @FunctionalInterface
  public interface Moves {
    /** Reports that a member of a new object was a member of another one before. */
    void moved(ObjectNode built, String name, JsonNode original, String originalName);
  }

  /**
   * Divides the realm of a server. Components can have the same names there, such as keys that
   * replace each other: the one with the highest priority counts.
   */
  public static SortedMap<ObjectKey, RealmObject> ofServer(ObjectNode realm) {
    return divide(realm, (built, name, original, originalName) -> {}, false);
  }

  /**
   * Divides the realm of a source.
   *
   * @throws IllegalArgumentException if the source states something that no plan can compare
   */
  public static SortedMap<ObjectKey, RealmObject> ofSource(ObjectNode realm, Moves moves) {
    for (var name : REFUSED) {
      if (realm.has(name)) {
        throw new IllegalArgumentException(
            name + " cannot be compared with a server: only an import knows it");
      }
    }
    for (var client : realm.path("clients")) {
      if (client.has("authorizationSettings")) {
        throw new IllegalArgumentException(
            "authorizationSettings of client "
                + client.path("clientId").asText()
                + " cannot be compared with a server: only an import knows it");
      }
    }
    return divide(realm, moves, true);
  }

  private static SortedMap<ObjectKey, RealmObject> divide(
      ObjectNode realm, Moves moves, boolean strict) {
    var division = new RealmObjects(moves, strict);
    division.addSettings(realm);
    division.addRoles(realm.path("roles"));
    division.addAll(realm.path("clientScopes"), Kind.CLIENT_SCOPE, "name");
    division.addFlows(realm);
    division.addClients(realm);
    division.addServiceAccounts(realm.path("users"));
    division.addScopeMappings(realm);
    division.addGroups(realm.path("groups"), "");
    division.addComponents(realm.path("components"));
    division.addAll(realm.path("requiredActions"), Kind.REQUIRED_ACTION, "alias");
    division.addAll(realm.path("identityProviders"), Kind.IDENTITY_PROVIDER, "alias");
    division.addIdentityProviderMappers(realm.path("identityProviderMappers"));
    division.addAll(realm.path("clientProfiles").path("profiles"), Kind.CLIENT_PROFILE, "name");
    division.addAll(realm.path("clientPolicies").path("policies"), Kind.CLIENT_POLICY, "name");
    division.addTexts(realm.path("localizationTexts"));
    return division.objects;
  }

  private void add(ObjectKey key, ObjectNode content) {
    if (objects.put(key, new RealmObject(key, content)) != null && strict) {
      throw new IllegalArgumentException(key + " exists twice");
    }
  }

  private void addAll(JsonNode list, Kind kind, String name) {
    for (var element : list) {
      if (element instanceof ObjectNode object) {
        add(new ObjectKey(kind, object.path(name).asText()), object);
      }
    }
  }

  private void addSettings(ObjectNode realm) {
    var settings = JsonNodeFactory.instance.objectNode();
    for (var member : realm.properties()) {
      if (!DIVIDED.contains(member.getKey())) {
        move(realm, member.getKey(), settings);
      }
    }
    add(SETTINGS, settings);
  }

  private void move(JsonNode from, String name, ObjectNode into) {
    into.set(name, from.get(name));
    moves.moved(into, name, from, name);
  }

  private void addRoles(JsonNode roles) {
    addAll(roles.path("realm"), Kind.ROLE, "name");
    roles
        .path("client")
        .properties()
        .forEach(
            client -> {
              for (var role : client.getValue()) {
                add(
                    new ObjectKey(Kind.CLIENT_ROLE, client.getKey(), role.path("name").asText()),
                    (ObjectNode) role);
              }
            });
  }

  private void addFlows(ObjectNode realm) {
    for (var flow : new FlowTree(realm, moves).topLevel()) {
      add(new ObjectKey(Kind.FLOW, flow.path("alias").asText()), flow);
    }
  }

  /** A client names flows by id on the server, and by alias in the source. */
  private void addClients(ObjectNode realm) {
    Map<String, String> aliases = new HashMap<>();
    for (var flow : realm.path("authenticationFlows")) {
      aliases.put(flow.path("id").asText(), flow.path("alias").asText());
    }
    for (var element : realm.path("clients")) {
      if (element.get("authenticationFlowBindingOverrides") instanceof ObjectNode overrides) {
        overrides
            .properties()
            .forEach(
                override -> {
                  var alias = aliases.get(override.getValue().asText());
                  if (alias != null) {
                    override.setValue(JsonNodeFactory.instance.textNode(alias));
                  }
                });
      }
    }
    addAll(realm.path("clients"), Kind.CLIENT, "clientId");
    realm.path("clients").forEach(RealmObjects::leaveOutServiceAccountScope);
  }

  private static void leaveOutServiceAccountScope(JsonNode client) {
    if (client.path("serviceAccountsEnabled").asBoolean()
        && client.get("defaultClientScopes") instanceof ArrayNode scopes) {
      for (var index = scopes.size() - 1; index >= 0; index--) {
        if (scopes.get(index).asText().equals(SERVICE_ACCOUNT_SCOPE)) {
          scopes.remove(index);
        }
      }
    }
  }

  private void addServiceAccounts(JsonNode users) {
    for (var user : users) {
      var client = user.path("serviceAccountClientId").asText();
      if (client.isEmpty()) {
        throw new IllegalArgumentException(
            "users cannot be compared with a server: only service accounts can");
      }
      var account = JsonNodeFactory.instance.objectNode();
      for (var name : Set.of("id", "realmRoles", "clientRoles")) {
        if (user.has(name)) {
          move(user, name, account);
        }
      }
      add(new ObjectKey(Kind.SERVICE_ACCOUNT, client), account);
    }
  }

  private void addScopeMappings(ObjectNode realm) {
    for (var mapping : realm.path("scopeMappings")) {
      addScopeMapping("", mapping);
    }
    realm
        .path("clientScopeMappings")
        .properties()
        .forEach(
            client ->
                client.getValue().forEach(mapping -> addScopeMapping(client.getKey(), mapping)));
  }

  private void addScopeMapping(String roleContainer, JsonNode mapping) {
    var scope = mapping.path("clientScope").asText();
    var holder =
        scope.isEmpty() ? "client " + mapping.path("client").asText() : "client scope " + scope;
    add(new ObjectKey(Kind.SCOPE_MAPPING, roleContainer, holder), (ObjectNode) mapping);
  }

  private void addGroups(JsonNode groups, String parent) {
    for (var group : groups) {
      var path = parent + "/" + group.path("name").asText();
      var content = JsonNodeFactory.instance.objectNode();
      for (var member : group.properties()) {
        if (!member.getKey().equals("subGroups")) {
          move(group, member.getKey(), content);
        }
      }
      add(new ObjectKey(Kind.GROUP, path), content);
      addGroups(group.path("subGroups"), path);
    }
  }

  private void addComponents(JsonNode components) {
    for (var type : components.properties()) {
      for (var component : type.getValue()) {
        if (type.getKey().equals(USER_PROFILE_TYPE)) {
          addUserProfile(component);
        } else {
          addComponent(type.getKey(), component, null);
        }
      }
    }
  }

  /** A component in another one, such as a mapper of a directory, is an object of its own. */
  private void addComponent(String type, JsonNode component, @Nullable ObjectKey parent) {
    var own = component.path("name").asText(component.path("providerId").asText());
    var subType = component.path("subType").asText();
    var name = subType.isEmpty() ? own : own + " (" + subType + ")";
    var key =
        new ObjectKey(Kind.COMPONENT, type, parent == null ? name : parent.name() + " / " + name);
    var content = JsonNodeFactory.instance.objectNode();
    for (var member : component.properties()) {
      if (!member.getKey().equals(SUB_COMPONENTS)) {
        move(component, member.getKey(), content);
      }
    }
    if (parent != null) {
      content.put(PARENT_TYPE, parent.parent()).put(PARENT_NAME, parent.name());
    }
    var present = objects.get(key);
    if (strict || present == null || priority(content) > priority(present.content())) {
      add(key, content);
    }
    for (var inner : component.path(SUB_COMPONENTS).properties()) {
      inner.getValue().forEach(element -> addComponent(inner.getKey(), element, key));
    }
  }

  private static long priority(JsonNode component) {
    return component.path("config").path("priority").path(0).asLong();
  }

  private void addUserProfile(JsonNode component) {
    var profile = asObject(component.path("config").path(USER_PROFILE_SETTING));
    if (profile != null) {
      add(new ObjectKey(Kind.USER_PROFILE, "attributes"), profile);
    }
  }

  /** The source contains the object, the server a list with its text. */
  private static @Nullable ObjectNode asObject(JsonNode value) {
    var single = value instanceof ArrayNode list ? list.path(0) : value;
    if (single instanceof ObjectNode object) {
      return object;
    }
    try {
      return single.isTextual() && JSON.readTree(single.textValue()) instanceof ObjectNode object
          ? object
          : null;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The user profile is not JSON", e);
    }
  }

  private void addIdentityProviderMappers(JsonNode mappers) {
    for (var mapper : mappers) {
      add(
          new ObjectKey(
              Kind.IDENTITY_PROVIDER_MAPPER,
              mapper.path("identityProviderAlias").asText(),
              mapper.path("name").asText()),
          (ObjectNode) mapper);
    }
  }

  private void addTexts(JsonNode texts) {
    texts
        .properties()
        .forEach(
            language -> {
              if (language.getValue() instanceof ObjectNode object) {
                add(new ObjectKey(Kind.LOCALIZATION, language.getKey()), object);
              }
            });
  }
}
