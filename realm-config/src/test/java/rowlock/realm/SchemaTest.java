/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.representations.idm.RealmRepresentation;

/**
 * Checks the schema with which editors complete the source. A new version of Keycloak changes it:
 * {@code -Drowlock.schema=write} writes it again.
 */
class SchemaTest {
  private static final Path FILE = Path.of("realm.schema.json");
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /** Definitions of files that are no realm, by their folders. */
  private static final Map<String, String> DEFINITIONS =
      Map.of(
          "clients", "ClientRepresentation",
          "client-scopes", "ClientScopeRepresentation",
          "flows", "AuthenticationFlowRepresentation",
          "required-actions", "RequiredActionProviderRepresentation",
          "identity-providers", "IdentityProviderRepresentation");

  @Test
  void file_equalsKeycloaksClasses() throws IOException {
    var schema = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema()) + "\n";
    if ("write".equals(System.getProperty("rowlock.schema"))) {
      Files.writeString(FILE, schema);
    }

    assertThat(Files.readString(FILE)).isEqualTo(schema);
  }

  private static Object schema() {
    var config =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(new JacksonModule())
            .with(Option.DEFINITIONS_FOR_ALL_OBJECTS, Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
            .without(Option.SCHEMA_VERSION_INDICATOR)
            .build();
    var schema = (ObjectNode) new SchemaGenerator(config).generateSchema(RealmRepresentation.class);
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Source of a realm");
    admitPlaceholders(schema);
    admitConditions(schema);
    DEFINITIONS
        .values()
        .forEach(name -> admitConditions((ObjectNode) schema.path("$defs").path(name)));
    return JSON.convertValue(schema, Map.class);
  }

  /** A placeholder can stand for each value, and a text can be a number or a truth value. */
  private static void admitPlaceholders(JsonNode node) {
    if (node instanceof ObjectNode object
        && List.of("boolean", "integer", "number", "string")
            .contains(object.path("type").asText())) {
      var type = object.path("type").asText();
      var types = object.putArray("type").add(type);
      (type.equals("string") ? List.of("number", "boolean") : List.of("string"))
          .forEach(types::add);
    }
    if (node instanceof ObjectNode object && object.has("additionalProperties")) {
      // settings of components are texts, lists of texts, or the object that the text represents
      object.put("additionalProperties", true);
    }
    node.forEach(SchemaTest::admitPlaceholders);
  }

  /** Each file can have a condition. */
  private static void admitConditions(ObjectNode definition) {
    var properties = definition.withObject("/properties");
    properties
        .putObject("when")
        .put("description", "The file belongs to the realm only if these values are set.");
    properties
        .putObject("otherwise")
        .put("type", "string")
        .put("description", "States what the realm lacks without these values.");
    definition.put("additionalProperties", false);
  }

  static Stream<Path> files() throws IOException {
    try (var files = Files.walk(Path.of("realm"))) {
      return files.filter(Files::isRegularFile).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void source_hasPropertiesOfTheSchema(Path file) throws IOException {
    var schema = JSON.readTree(Files.readString(FILE));
    var folder = file.getParent().getFileName().toString();
    var definition =
        DEFINITIONS.containsKey(folder)
            ? schema.path("$defs").path(DEFINITIONS.get(folder))
            : schema;
    var source = new YAMLMapper().readTree(Files.readString(file));

    assertThat(source.fieldNames())
        .toIterable()
        .isSubsetOf(() -> definition.path("properties").fieldNames());
  }
}
