/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.keycloak.representations.idm.RealmRepresentation;

/**
 * Converts the rendered realm to the resource {@code KeycloakRealmImport} of the Keycloak Operator.
 * A cluster accepts a number or {@code true} only where the definition of the resource has one, and
 * refuses it where Keycloak itself would read it as text, for example in attributes.
 */
final class OperatorImport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private OperatorImport() {}

  /** Returns the resource for the Keycloak with the name {@code keycloak}. */
  static String of(String realm) {
    try {
      var source = JSON.readTree(realm);
      JsonNode typed = JSON.valueToTree(JSON.treeToValue(source, RealmRepresentation.class));
      var resource =
          JSON.createObjectNode()
              .put("apiVersion", "k8s.keycloak.org/v2beta1")
              .put("kind", "KeycloakRealmImport");
      resource.putObject("metadata").put("name", source.path("realm").asText());
      resource
          .putObject("spec")
          .put("keycloakCRName", "keycloak")
          .set("realm", asTyped(source, typed));
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(resource) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The rendered realm is unreadable", e);
    }
  }

  /** Returns the content of the source, each value with the type of Keycloak's class. */
  private static JsonNode asTyped(JsonNode source, JsonNode typed) {
    if (source instanceof ObjectNode object) {
      var result = JSON.createObjectNode();
      object
          .properties()
          .forEach(
              member ->
                  result.set(
                      member.getKey(), asTyped(member.getValue(), typed.path(member.getKey()))));
      return result;
    }
    if (source instanceof ArrayNode array) {
      var result = JSON.createArrayNode();
      for (var i = 0; i < array.size(); i++) {
        result.add(asTyped(array.get(i), typed.path(i)));
      }
      return result;
    }
    return typed.isValueNode() ? typed : source;
  }

  /**
   * Writes the file readable for its owner only: a realm may contain passwords, for example of a
   * mail server.
   */
  static void write(String realm, Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, of(realm));
  }
}
