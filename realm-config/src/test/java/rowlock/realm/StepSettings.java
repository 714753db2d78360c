/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.realm;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Changes the settings of a step in a flow for the duration of a test. */
final class StepSettings {
  private static final String PATH = "/realms/" + Realm.NAME + "/authentication";

  private final String flow;
  private final String provider;
  private final String before;

  /** Runs a test while a step has other settings. */
  static void during(String flow, String provider, Map<String, String> values, Runnable test) {
    var step = new StepSettings(flow, provider);
    step.set(values);
    try {
      test.run();
    } finally {
      step.restore();
    }
  }

  private StepSettings(String flow, String provider) {
    this.flow = flow;
    this.provider = provider;
    var id = configOf(step());
    before = id.isEmpty() ? "" : realm("/authentication/config/" + id).toString();
  }

  private void set(Map<String, String> values) {
    var id = configOf(step());
    var config = JSON.writeValueAsString(Map.of("alias", "for-a-while", "config", values));
    if (id.isEmpty()) {
      admin().post(PATH + "/executions/" + step().path("id").asString() + "/config", config);
    } else {
      admin().put(PATH + "/config/" + id, config);
    }
  }

  private JsonNode step() {
    return realm("/authentication/flows/" + flow + "/executions")
        .valueStream()
        .filter(step -> step.path("providerId").asString("").equals(provider))
        .findFirst()
        .orElseThrow();
  }

  private static String configOf(JsonNode step) {
    return step.path("authenticationConfig").asString("");
  }

  private void restore() {
    var config = PATH + "/config/" + configOf(step());
    if (before.isEmpty()) {
      admin().delete(config);
    } else {
      admin().put(config, before);
    }
  }
}
