/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The generated metadata lists all properties with their defaults. */
class PropertyMetadataTest {
  private static final Map<String, Object> REQUIRED =
      Map.of(
          "spring.application.name", "notes-api",
          "rowlock.issuer", "https://login.example.org/realms/rowlock",
          "rowlock.db.url", "jdbc:postgresql://localhost/notes",
          "rowlock.db.user", "notes",
          "rowlock.db.password", "secret",
          "rowlock.db.migration.user", "migration",
          "rowlock.db.migration.password", "secret");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`ROWLOCK_[^|]*) \\|([^|]*)\\|");

  private static Map<String, JsonNode> metadata() throws IOException {
    Map<String, JsonNode> properties = new TreeMap<>();
    for (var file :
        Collections.list(
            PropertyMetadataTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (var stream = file.openStream()) {
        for (var property : JsonMapper.shared().readTree(stream).get("properties")) {
          var name = property.get("name").stringValue();
          if (name.startsWith("rowlock.")) {
            properties.put(name, property);
          }
        }
      }
    }
    assertThat(properties).isNotEmpty();
    return properties;
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** Reads all settings as the application does. */
  private static Map<String, Record> settings(Map<String, Object> values, PropertySource<?> first) {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    sources.stream().map(PropertySource::getName).toList().forEach(sources::remove);
    sources.addFirst(new MapPropertySource("values", values));
    sources.addFirst(first);
    try (var context = new AnnotationConfigApplicationContext()) {
      context.setEnvironment(environment);
      context.register(SettingsAutoConfiguration.class);
      context.refresh();
      return context.getBeansOfType(Record.class);
    }
  }

  private static PropertySource<?> none() {
    return new MapPropertySource("none", Map.of());
  }

  @Test
  void metadata_listsThePropertiesThatAreRead() throws IOException {
    Set<String> read = new TreeSet<>();
    settings(
        REQUIRED,
        new PropertySource<>("recorder", read) {
          @Override
          public Object getProperty(String name) {
            if (name.matches("rowlock[a-z.]*")) {
              read.add(name);
            }
            return null;
          }
        });
    assertThat(metadata().keySet()).containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void property_hasATypeAndADescriptionThatSaysWhatAppliesWithoutIt() throws IOException {
    metadata()
        .forEach(
            (name, property) -> {
              assertThat(property.path("type").stringValue("")).as(name).isNotBlank();
              var description = property.path("description").stringValue("");
              assertThat(description).as(name).isNotBlank();
              assertThat(
                      property.has("defaultValue")
                          || description.contains("Required.")
                          || description.contains("Default: "))
                  .as("default of %s", name)
                  .isTrue();
              assertThat(REQUIRED.containsKey(name))
                  .as(name)
                  .isEqualTo(description.contains("Required."));
            });
  }

  @Test
  void defaultValue_isTheOneThatApplies() throws IOException {
    var withoutAny = settings(REQUIRED, none());
    for (var property : metadata().entrySet()) {
      var defaultValue = property.getValue().get("defaultValue");
      if (defaultValue != null) {
        Map<String, Object> values = new HashMap<>(REQUIRED);
        values.put(property.getKey(), defaultValue.asString());
        assertThat(settings(values, none())).as(property.getKey()).isEqualTo(withoutAny);
      }
    }
  }

  @Test
  void tableOfTheOperators_hasTheSameDefaults() throws IOException {
    var document = Files.readString(Path.of("..", "docs", "operations.md"));
    Map<String, String> defaults = new HashMap<>();
    for (var row : ROW.matcher(document).results().toList()) {
      for (var variable : row.group(1).split(", ", -1)) {
        defaults.put(variable.replace("`", ""), row.group(2).strip());
      }
    }
    metadata()
        .forEach(
            (name, property) -> {
              assertThat(defaults).containsKey(variable(name));
              var defaultValue = property.get("defaultValue");
              if (defaultValue != null) {
                assertThat(defaults.get(variable(name)))
                    .as(name)
                    .contains("`" + defaultValue.asString() + "`");
              } else if (REQUIRED.containsKey(name)) {
                assertThat(defaults.get(variable(name))).as(name).isEqualTo("required");
              }
            });
  }

  @Test
  void variable_isThePropertyInCapitals() {
    Map<String, Object> values = new HashMap<>(REQUIRED);
    values.put("rowlock.token.size", "4096");
    assertThat(settings(values, none()).values())
        .filteredOn(TokenSettings.class::isInstance)
        .extracting(settings -> ((TokenSettings) settings).maxSize())
        .isEqualTo(List.of(4096));
  }
}
