/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.util.UUID;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.realm.Realm;
import tools.jackson.databind.node.ObjectNode;

/** Manages the realm's keys for access tokens by the admin API, as an operator does. */
final class SigningKeys {
  private static final String REALM = "/realms/" + Realm.NAME;

  private final AdminApi admin;

  SigningKeys(KeycloakServer keycloak) {
    admin = new AdminApi(keycloak);
  }

  /** Represents a key and its component of the realm. */
  record SigningKey(String kid, String component) {}

  /** Returns the key that signs new tokens. */
  SigningKey active() {
    var keys = admin.get(REALM + "/keys");
    var kid = keys.path("active").path("PS256").asString();
    for (var key : keys.path("keys")) {
      if (kid.equals(key.path("kid").asString())) {
        return new SigningKey(kid, key.path("providerId").asString());
      }
    }
    throw new IllegalStateException("The realm has no key for PS256");
  }

  /**
   * Adds a key with a higher priority than all others.
   *
   * @param active whether it signs new tokens from now on, or is only published
   */
  SigningKey add(boolean active) {
    var name = "signing-" + UUID.randomUUID();
    admin.post(
        REALM + "/components",
        """
        {"name": "%s", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
         "parentId": "%s",
         "config": {"priority": ["%d"], "algorithm": ["PS256"], "keySize": ["3072"], "enabled": ["true"], "active": ["%s"]}}
        """
            .formatted(
                name,
                admin.get(REALM).path("id").asString(),
                System.currentTimeMillis() / 1000, // a later key has a higher priority
                active));
    var component = admin.get(REALM + "/components?name=" + name).get(0).path("id").asString();
    for (var key : admin.get(REALM + "/keys").path("keys")) {
      if (component.equals(key.path("providerId").asString())) {
        return new SigningKey(key.path("kid").asString(), component);
      }
    }
    throw new IllegalStateException("The added key is missing");
  }

  /** Makes this key sign new tokens. */
  void activate(SigningKey key) {
    set(key, "active", true);
  }

  /** Stops both signing and verification with this key. */
  void disable(SigningKey key) {
    set(key, "enabled", false);
  }

  void delete(SigningKey key) {
    admin.delete(REALM + "/components/" + key.component());
  }

  private void set(SigningKey key, String property, boolean value) {
    var path = REALM + "/components/" + key.component();
    var component = (ObjectNode) admin.get(path);
    ((ObjectNode) component.get("config")).putArray(property).add(String.valueOf(value));
    admin.put(path, component.toString());
  }
}
