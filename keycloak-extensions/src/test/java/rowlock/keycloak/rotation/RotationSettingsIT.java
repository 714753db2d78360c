/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static rowlock.keycloak.rotation.RotationRealm.JSON;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.keycloak.ExtensionServer;
import tools.jackson.databind.node.ObjectNode;

/** The executor's settings, as the console saves them. */
class RotationSettingsIT {
  private static final String PROFILES =
      "/realms/" + RotationRealm.REALM + "/client-policies/profiles";

  private static RotationRealm realm;

  @BeforeAll
  static void start() {
    realm = new RotationRealm(ExtensionServer.shared());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"grace-seconds": "61"}     | refresh-rotation: grace-seconds must be a whole number from 0 to 60
          {"grace-seconds": "soon"}   | refresh-rotation: grace-seconds must be a whole number from 0 to 60
          {"mode": "for ever"}        | refresh-rotation: mode must be one of [window, until-successor-used]
          {"on-reuse": "nothing"}     | refresh-rotation: on-reuse must be one of [client-session, user-session, all-sessions]
          {"grace": 5}                | refresh-rotation: Unknown setting grace
          """)
  void invalidSetting_isNotSavedAndReasonIsReturned(String settings, String reason) {
    var before = realm.admin().get(PROFILES);
    var changed = (ObjectNode) JSON.readTree(before.toString());
    ((ObjectNode) changed.at("/profiles/0/executors/0"))
        .set("configuration", JSON.readTree(settings));

    assertThatThrownBy(() -> realm.admin().put(PROFILES, changed.toString()))
        .hasMessageContaining("was answered 400")
        .hasMessageContaining(reason);
    assertThat(realm.admin().get(PROFILES)).isEqualTo(before);
  }

  @Test
  void validSettings_areSaved() {
    var profiles = realm.admin().get(PROFILES);

    realm.admin().put(PROFILES, profiles.toString());

    assertThat(realm.admin().get(PROFILES)).isEqualTo(profiles);
  }

  @Test
  void serverInfo_listsSettingsAndVersion() {
    var executor = "/providers/client-policy-executor/providers/refresh-rotation";
    var info = realm.admin().get("/serverinfo");

    assertThat(info.at(executor + "/operationalInfo/Version").asString()).isNotBlank();
    var type =
        info.path("componentTypes")
            .path("org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider")
            .valueStream()
            .filter(one -> one.path("id").asString().equals("refresh-rotation"))
            .findFirst()
            .orElseThrow();
    assertThat(type.path("properties").findValuesAsString("name"))
        .containsExactly("grace-seconds", "mode", "on-reuse");
  }
}
