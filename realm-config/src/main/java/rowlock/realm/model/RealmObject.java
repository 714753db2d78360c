/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Represents one object of a realm.
 *
 * @param key names the object
 * @param content in the form of Keycloak's representation; a flow contains the flows and settings
 *     of its steps
 */
public record RealmObject(ObjectKey key, ObjectNode content) {
  /** Returns the id that the server gave it; empty if it has none. */
  public String id() {
    return content.path("id").asText(content.path("internalId").asText());
  }
}
