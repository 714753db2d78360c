/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rowlock.realm.model.Kind;
import rowlock.realm.model.ObjectKey;

/**
 * Remembers in an attribute of the realm which objects were declared when it was applied last, and
 * fingerprints of the secret values. It tells an object that is no longer declared from one that
 * never was, and a changed secret from an unchanged one.
 *
 * @param objects that were declared
 * @param secrets fingerprints by field
 */
public record AppliedRecord(SortedSet<ObjectKey> objects, SortedMap<String, String> secrets) {
  /** Name of the attribute of the realm. */
  public static final String ATTRIBUTE = "rowlock.realm-config.applied";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OBJECTS = "objects";
  private static final String SECRETS = "secrets";

  /** Copies the collections. */
  public AppliedRecord {
    objects = new TreeSet<>(objects);
    secrets = new TreeMap<>(secrets);
  }

  /** Reads the record of a realm; empty if it has none, or one that is not readable. */
  static AppliedRecord of(ObjectNode realm) {
    var objects = new TreeSet<ObjectKey>();
    var secrets = new TreeMap<String, String>();
    try {
      var record = JSON.readTree(realm.path("attributes").path(ATTRIBUTE).asText("{}"));
      for (var kind : Kind.values()) {
        for (var names : record.path(OBJECTS).path(kind.name())) {
          objects.add(new ObjectKey(kind, names.path(0).asText(), names.path(1).asText()));
        }
      }
      record
          .path(SECRETS)
          .properties()
          .forEach(secret -> secrets.put(secret.getKey(), secret.getValue().asText()));
    } catch (JsonProcessingException e) {
      // an administrator has changed it: the next apply writes it again
      return new AppliedRecord(new TreeSet<>(), new TreeMap<>());
    }
    return new AppliedRecord(objects, secrets);
  }

  /** Returns the text for the attribute. Equal records have equal texts. */
  public String toText() {
    var record = JSON.createObjectNode();
    var kinds = record.putObject(OBJECTS);
    for (var key : objects) {
      kinds.withArray("/" + key.kind().name()).addArray().add(key.parent()).add(key.name());
    }
    record.set(SECRETS, JSON.<JsonNode>valueToTree(secrets));
    return record.toString();
  }

  /** Returns the recorded objects that the source does not declare. */
  SortedSet<ObjectKey> without(SortedSet<ObjectKey> declared) {
    var rest = new TreeSet<>(objects);
    rest.removeAll(declared);
    return rest;
  }
}
