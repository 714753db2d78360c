/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

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

/** Checks the source against Keycloak's own classes for a realm. */
final class KeycloakSchema {
  private static final ObjectMapper STRICT =
      JsonMapper.builder().annotationIntrospector(new NothingIgnored()).build();

  private KeycloakSchema() {}

  /**
   * Returns the first property that the class does not have or cannot read, with the reason; null
   * if there is none.
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
   * Reports properties that some of the classes ignore for the sake of old clients, so that a
   * misspelt name is refused.
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
