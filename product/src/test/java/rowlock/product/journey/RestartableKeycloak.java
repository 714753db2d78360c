/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.testing.TestServers;
import rowlock.product.TestProduct;

/**
 * Provides a Keycloak that tests may kill, if they restart it, and whose signing keys they may
 * change. Most tests of this JVM share another one.
 */
final class RestartableKeycloak {
  private RestartableKeycloak() {}

  /** Returns the server, which is started at the first use and ends with this JVM. */
  static KeycloakServer server() {
    return Started.SERVER;
  }

  private static final class Started {
    static final KeycloakServer SERVER = TestServers.newKeycloak(TestProduct.keycloakSpec());
  }
}
