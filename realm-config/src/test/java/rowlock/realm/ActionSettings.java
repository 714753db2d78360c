/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.realm;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** Other settings of a required action for the time of a test. */
final class ActionSettings {
  private ActionSettings() {}

  /**
   * Runs something while every login is too old for an action, as if five minutes had passed: no
   * age is allowed, and the clock of the server, which counts whole seconds, has moved on.
   */
  static void whileLoginsAreTooOldFor(String action, Runnable something) {
    var path = "/authentication/required-actions/" + action;
    var before = realm(path);
    var none = (ObjectNode) before.deepCopy();
    none.withObject("/config").put("max_auth_age", "0");
    admin().put("/realms/" + Realm.NAME + path, none.toString());
    try {
      var later = System.nanoTime() + Duration.ofMillis(1_100).toNanos();
      await().until(() -> System.nanoTime() > later);
      something.run();
    } finally {
      admin().put("/realms/" + Realm.NAME + path, before.toString());
    }
  }
}
