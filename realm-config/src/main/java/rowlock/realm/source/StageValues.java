/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads the values of placeholders from a file with one section for each stage, such as {@code
 * test} and {@code production}. Values under {@code all} belong to every stage. A secret value is
 * not in the file but named:
 *
 * <ul>
 *   <li>{@code {env: NAME}}: the value of an environment variable
 *   <li>{@code {file: PATH}}: the content of a file, without the line break at its end; a relative
 *       path starts at the folder of the file with the values
 *   <li>{@code {vault: KEY}}: Keycloak reads it from its vault; the value never leaves the server
 * </ul>
 */
public final class StageValues {
  private static final String ALL = "all";
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final Path file;
  private final Map<String, String> environment;

  private StageValues(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /**
   * Returns the values of a stage. Values in the file come before those in the environment.
   *
   * @throws RealmSourceException if the file or the stage does not exist, or a reference has no
   *     value
   */
  public static Map<String, String> read(Path file, String stage, Map<String, String> environment) {
    return new StageValues(file, environment).read(stage);
  }

  private Map<String, String> read(String stage) {
    var stages = stages();
    if (stage.equals(ALL) || !(stages.get(stage) instanceof ObjectNode own)) {
      var known = new TreeSet<>(stages.propertyStream().map(Map.Entry::getKey).toList());
      known.remove(ALL);
      throw new RealmSourceException(
          file.toString(), "has no stage " + stage + ", only " + String.join(", ", known));
    }
    Map<String, String> values = new HashMap<>(environment);
    stages.path(ALL).properties().forEach(value -> put(values, value));
    own.properties().forEach(value -> put(values, value));
    return values;
  }

  private ObjectNode stages() {
    try {
      if (YAML.readTree(Files.readString(file)) instanceof ObjectNode stages) {
        return stages;
      }
      throw new RealmSourceException(file.toString(), "is not an object of stages");
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw new RealmSourceException(
          file.toString(),
          "line " + (where == null ? 1 : where.getLineNr()) + " is not valid YAML");
    } catch (IOException e) {
      throw new RealmSourceException(file.toString(), "is not a readable file");
    }
  }

  private void put(Map<String, String> values, Map.Entry<String, JsonNode> value) {
    values.put(value.getKey(), valueOf(value.getKey(), value.getValue()));
  }

  private String valueOf(String name, JsonNode value) {
    if (!(value instanceof ObjectNode reference)) {
      if (value.isContainerNode()) {
        throw invalid(name);
      }
      return value.asText();
    }
    if (reference.size() != 1) {
      throw invalid(name);
    }
    var kind = reference.fieldNames().next();
    var target = reference.path(kind).asText();
    return switch (kind) {
      case "env" -> fromEnvironment(name, target);
      case "file" -> fromFile(name, target);
      case "vault" -> "${vault." + target + "}";
      default -> throw invalid(name);
    };
  }

  private RealmSourceException invalid(String name) {
    return new RealmSourceException(
        file.toString(),
        name + " must be a single value, {env: NAME}, {file: PATH} or {vault: KEY}");
  }

  private String fromEnvironment(String name, String variable) {
    var value = environment.get(variable);
    if (value == null || value.isBlank()) {
      throw new RealmSourceException(
          file.toString(), name + " names the variable " + variable + ", which is not set");
    }
    return value;
  }

  private String fromFile(String name, String path) {
    var target = file.toAbsolutePath().resolveSibling(path);
    try {
      return Files.readString(target).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new RealmSourceException(
          file.toString(), name + " names the file " + target + ", which is not readable");
    }
  }
}
