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
import java.util.Set;
import java.util.TreeSet;

/** Reads the file of {@link StageValues#read}. */
final class StageFile {
  private static final String ALL = "all";
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final Path file;
  private final Map<String, String> environment;
  private final Set<String> secrets = new TreeSet<>();

  StageFile(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  StageValues read(String stage) {
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
    return new StageValues(values, secrets);
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
    secrets.add(name);
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
