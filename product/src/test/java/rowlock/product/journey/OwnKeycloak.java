/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;

/**
 * A server beside the one that most tests of this JVM share: tests may kill it, if they start it
 * again, and change the keys of its realm.
 */
final class OwnKeycloak {

  private OwnKeycloak() {}

  /** Returns the server, which is started at the first use and ends with this JVM. */
  static KeycloakServer server() {
    return Started.SERVER;
  }

  private static final class Started {
    static final KeycloakServer SERVER = TestServers.newKeycloak(TestProduct.keycloaks());
  }
}
