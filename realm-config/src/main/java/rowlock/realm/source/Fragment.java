/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.keycloak.representations.idm.AuthenticationFlowRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ClientScopeRepresentation;
import org.keycloak.representations.idm.IdentityProviderRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;

/**
 * Represents one file of the realm's source.
 *
 * @param file relative to the source folder, with slashes
 * @param kind of object that the file describes
 * @param condition states when the file belongs to the realm
 * @param content of the file
 * @param lines of the values of the content
 */
record Fragment(String file, Kind kind, Condition condition, ObjectNode content, Lines lines) {

  /** The kind of object that a file describes, by its folder. */
  enum Kind {
    REALM(null, null, RealmRepresentation.class),
    CLIENT("clients", "clientId", ClientRepresentation.class),
    CLIENT_SCOPE("clientScopes", "name", ClientScopeRepresentation.class),
    FLOW("authenticationFlows", "alias", AuthenticationFlowRepresentation.class),
    REQUIRED_ACTION("requiredActions", "alias", RequiredActionProviderRepresentation.class),
    IDENTITY_PROVIDER("identityProviders", "alias", IdentityProviderRepresentation.class);

    private final @Nullable String list;
    private final @Nullable String nameProperty;
    private final Class<?> representation;

    Kind(@Nullable String list, @Nullable String nameProperty, Class<?> representation) {
      this.list = list;
      this.nameProperty = nameProperty;
      this.representation = representation;
    }
  }

  private static final Map<String, Kind> FOLDERS =
      Map.of(
          "", Kind.REALM,
          "extensions", Kind.REALM,
          "clients", Kind.CLIENT,
          "client-scopes", Kind.CLIENT_SCOPE,
          "flows", Kind.FLOW,
          "extensions/flows", Kind.FLOW,
          "required-actions", Kind.REQUIRED_ACTION,
          "identity-providers", Kind.IDENTITY_PROVIDER);
  private static final String USER_PROFILE = "kc.user.profile.config";
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  /** Reads all files below the folder, in the order of their names. */
  static List<Fragment> readAll(Path folder) {
    try (var paths = Files.walk(folder)) {
      var files = paths.filter(Files::isRegularFile).sorted().toList();
      if (files.isEmpty()) {
        throw new RealmSourceException(folder.toString(), "holds no realm source");
      }
      return files.stream().map(file -> read(folder, file)).toList();
    } catch (IOException e) {
      throw new RealmSourceException(
          folder.toString(), "is not a readable folder with realm source");
    }
  }

  private static Fragment read(Path folder, Path path) {
    var file = folder.relativize(path).toString().replace('\\', '/');
    var slash = file.lastIndexOf('/');
    var kind = FOLDERS.get(file.substring(0, Math.max(slash, 0)));
    if (kind == null || !file.endsWith(".yaml")) {
      throw new RealmSourceException(
          file, "only *.yaml is read, in this folder and in " + folders());
    }
    try {
      var text = Files.readString(path);
      if (!(YAML.readTree(text) instanceof ObjectNode content)) {
        throw new RealmSourceException(file, "is not an object");
      }
      var name = file.substring(slash + 1, file.length() - ".yaml".length());
      if (kind.nameProperty != null && !name.equals(content.path(kind.nameProperty).textValue())) {
        throw new RealmSourceException(
            file, kind.nameProperty + " must be \"" + name + "\", as the file is called");
      }
      var lines = Lines.of(file, text);
      return new Fragment(file, kind, Condition.takeFrom(content), content, lines);
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw new RealmSourceException(
          file, (where == null ? "" : "line " + where.getLineNr() + ": ") + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Reading failed: " + path, e);
    }
  }

  private static String folders() {
    return FOLDERS.keySet().stream()
        .filter(folder -> !folder.isEmpty())
        .sorted()
        .map(folder -> folder + "/")
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns the realm's list that contains this file's object; null if the file is a part of the
   * realm itself.
   */
  @Nullable String list() {
    return kind.list;
  }

  /** Returns whether a server without our extensions would refuse the file. */
  boolean needsExtensions() {
    return file.startsWith("extensions/");
  }

  /**
   * Returns the file that this one replaces, a flow that needs no extensions; empty if there is
   * none.
   */
  String standsInFor() {
    return needsExtensions() && kind == Kind.FLOW ? file.substring("extensions/".length()) : "";
  }

  Fragment withContent(ObjectNode changed) {
    return new Fragment(file, kind, condition, changed, lines);
  }

  /**
   * Returns a copy whose component settings have Keycloak's form: lists of texts. The source may
   * contain a single value or, for the user profile, the object that the text represents.
   */
  Fragment withComponentSettingsAsText() {
    return withContent(componentSettingsAsText(file, content));
  }

  /** Returns a copy of a realm as {@link #withComponentSettingsAsText()} does. */
  static ObjectNode componentSettingsAsText(String file, ObjectNode content) {
    var changed = content.deepCopy();
    settingsAsText(file, changed.path("components"));
    return changed;
  }

  /** Components can contain others, such as the mappers of a directory. */
  private static void settingsAsText(String file, JsonNode components) {
    for (var providers : components) {
      for (var component : providers) {
        if (component.get("config") instanceof ObjectNode settings) {
          settings
              .properties()
              .forEach(
                  setting ->
                      setting.setValue(
                          asTexts(file, settings, setting.getKey(), setting.getValue())));
        }
        settingsAsText(file, component.path("subComponents"));
      }
    }
  }

  private static JsonNode asTexts(String file, ObjectNode settings, String name, JsonNode value) {
    if (value.isArray()) {
      return value;
    }
    if (value.isObject()) {
      refuseUnknownProperties(file, value, name.equals(USER_PROFILE) ? UPConfig.class : Map.class);
    }
    return settings.arrayNode().add(value.isObject() ? value.toString() : value.asText());
  }

  /**
   * Refuses unknown properties. A misspelt property would be a missing protection, and Keycloak
   * does not report all of them.
   */
  void refuseUnknownProperties() {
    refuseUnknownProperties(file, content, kind.representation);
  }

  private static void refuseUnknownProperties(String file, JsonNode node, Class<?> representation) {
    var unknown = KeycloakSchema.firstProblem(node, representation);
    if (unknown != null) {
      throw new RealmSourceException(file, unknown);
    }
  }
}
