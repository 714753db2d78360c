/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.realm;

import java.time.Duration;
import java.util.HashMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes the settings of required actions for the duration of a test. */
final class ActionSettings {
  private static final String PATH = "/authentication/required-actions/";

  private ActionSettings() {}

  /**
   * Runs an action of the test while every login is too old for a required action, as if five
   * minutes had passed. The allowed age is zero, and the server's clock, which counts whole
   * seconds, has advanced.
   */
  static void whileLoginsAreTooOldFor(String action, Runnable test) {
    whileLoginsAreTooOldFor(Set.of(action), test);
  }

  /** Does the same for several required actions at once, which costs one wait instead of many. */
  static void whileLoginsAreTooOldFor(Set<String> actions, Runnable test) {
    var before = new HashMap<String, JsonNode>();
    actions.forEach(action -> before.put(action, realm(PATH + action)));
    before.forEach(
        (action, settings) -> {
          var strict = (ObjectNode) settings.deepCopy();
          strict.withObject("/config").put("max_auth_age", "0");
          update(action, strict);
        });
    try {
      var later = System.nanoTime() + Duration.ofMillis(1_100).toNanos();
      await().until(() -> System.nanoTime() > later);
      test.run();
    } finally {
      before.forEach(ActionSettings::update);
    }
  }

  private static void update(String action, JsonNode settings) {
    admin().put("/realms/" + Realm.NAME + PATH + action, settings.toString());
  }
}
