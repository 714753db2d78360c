/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keycloak's own classes for a realm, as the schema of the source. */
final class KeycloakSchema {
  private static final ObjectMapper STRICT =
      JsonMapper.builder().annotationIntrospector(new NothingIgnored()).build();

  private KeycloakSchema() {}

  /**
   * What is wrong with the first property that the class does not have or cannot take; null when
   * all fit.
   */
  static @Nullable String firstProblem(JsonNode node, Class<?> representation) {
    try {
      STRICT.treeToValue(node, representation);
      return null;
    } catch (UnrecognizedPropertyException e) {
      return pathOf(e) + " is not a property that Keycloak knows";
    } catch (JsonMappingException e) {
      return pathOf(e) + " has a value that Keycloak cannot read";
    } catch (JsonProcessingException e) {
      return e.getOriginalMessage();
    }
  }

  private static String pathOf(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."))
        .replace(".[", "[");
  }

  /**
   * Some of the classes skip what they do not know, for old clients' sake. Here a misspelt name
   * must not pass.
   */
  private static final class NothingIgnored extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
        MapperConfig<?> config, Annotated annotated) {
      return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
    }
  }
}
