/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.realm;

import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes the settings of required actions for the duration of a test. */
final class ActionSettings {
  private static final String PATH = "/authentication/required-actions/";

  private ActionSettings() {}

  /**
   * Runs an action of the test while every login is too old for a required action, as if five
   * minutes had passed.
   */
  static void whileLoginsAreTooOldFor(String action, Runnable test) {
    awaitNextSecond();
    whileMaximumAgeIsZero(action, test);
  }

  /** Waits until logins of now are older than zero seconds: the server counts whole seconds. */
  static void awaitNextSecond() {
    var later = System.nanoTime() + Duration.ofMillis(1_100).toNanos();
    await().until(() -> System.nanoTime() > later);
  }

  /**
   * Runs an action of the test while a required action allows logins of the current second only.
   */
  static void whileMaximumAgeIsZero(String action, Runnable test) {
    var before = realm(PATH + action);
    var strict = (ObjectNode) before.deepCopy();
    strict.withObject("/config").put("max_auth_age", "0");
    update(action, strict);
    try {
      test.run();
    } finally {
      update(action, before);
    }
  }

  private static void update(String action, JsonNode settings) {
    admin().put("/realms/" + Realm.NAME + PATH + action, settings.toString());
  }
}
