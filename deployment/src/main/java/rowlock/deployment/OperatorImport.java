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
 * The rendered realm as the resource {@code KeycloakRealmImport} of the Keycloak Operator. A
 * cluster takes a number or {@code true} only where the resource's definition has one, and refuses
 * it where Keycloak itself would read it as a text, as in attributes.
 */
final class OperatorImport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private OperatorImport() {}

  /** The resource, for the Keycloak that is called {@code keycloak}. */
  static String of(String realm) {
    try {
      JsonNode source = JSON.readTree(realm);
      JsonNode typed = JSON.valueToTree(JSON.treeToValue(source, RealmRepresentation.class));
      ObjectNode resource =
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
      throw new IllegalStateException("A rendered realm can always be read", e);
    }
  }

  /** What is in the source and nothing else, each value of the type that Keycloak's class has. */
  private static JsonNode asTyped(JsonNode source, JsonNode typed) {
    if (source instanceof ObjectNode object) {
      ObjectNode result = JSON.createObjectNode();
      object
          .properties()
          .forEach(
              member ->
                  result.set(
                      member.getKey(), asTyped(member.getValue(), typed.path(member.getKey()))));
      return result;
    }
    if (source instanceof ArrayNode array) {
      ArrayNode result = JSON.createArrayNode();
      for (int i = 0; i < array.size(); i++) {
        result.add(asTyped(array.get(i), typed.path(i)));
      }
      return result;
    }
    return typed.isValueNode() ? typed : source;
  }

  /** Readable for its owner alone: a realm may hold the passwords of a mail server and others. */
  static void write(String realm, Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, of(realm));
  }
}
