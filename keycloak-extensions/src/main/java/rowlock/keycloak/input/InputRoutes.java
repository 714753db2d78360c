/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import rowlock.keycloak.input.stock.RequestBodies;

/** Registers {@link InputGuard} in front of the server's routes. */
@Singleton
public final class InputRoutes {
  /** Runs before every route of the server and of Quarkus that reads a request. */
  private static final int ORDER = -10_000;

  void register(@Observes Router router) {
    router.route().order(ORDER).handler(new InputGuard(new RequestBodies()));
    ServerLogLimit.install();
  }
}
