/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.models.AuthenticatorConfigModel;
import rowlock.keycloak.budget.NetworkList;

class GuardSettingsTest {
  private static final GuardConfig DEFAULTS =
      new GuardConfig(Duration.ofSeconds(2), 20, Duration.ofMinutes(60));

  @Test
  void of_missingSettings_areDefaults() {
    assertThat(GuardConfig.of(null)).isEqualTo(DEFAULTS);
    assertThat(GuardConfig.of(new AuthenticatorConfigModel())).isEqualTo(DEFAULTS);
  }

  @Test
  void of_validSettings_areUsed() {
    var set = Map.of("shortest-seconds", "0", "tries-per-address", "5", "window-minutes", "10");

    assertThat(config(set)).isEqualTo(new GuardConfig(Duration.ZERO, 5, Duration.ofMinutes(10)));
    assertThat(config(set).retryAfterSeconds()).isEqualTo(120);
  }

  @ParameterizedTest
  @CsvSource({
    "shortest-seconds, -1", "shortest-seconds, 61", "shortest-seconds, soon",
    "tries-per-address, 0", "tries-per-address, 1e9", "tries-per-address, 100001",
    "window-minutes, 0", "window-minutes, 1441", "window-minutes, ''"
  })
  void of_invalidValue_fallsBackToDefault(String name, String value) {
    assertThat(config(Map.of(name, value))).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.200, true",
    "192.0.2.0/24, 192.0.3.1, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "0.0.0.0/0, 198.51.100.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::1, ::1, true",
    "127.0.0.0/8, localhost, false",
  })
  void contains_addressOfNetwork_isTrue(String network, String address, boolean holds) {
    assertThat(NetworkList.parse("s", " 203.0.113.9 , " + network).contains(address))
        .isEqualTo(holds);
  }

  @Test
  void parse_missingSetting_exemptsNoAddress() {
    assertThat(NetworkList.parse("s", null).contains("127.0.0.1")).isFalse();
    assertThat(NetworkList.parse("s", " ").contains("::1")).isFalse();
    assertThat(NetworkList.parse("s", "0.0.0.0/0").contains(null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "192.0.2.0/33",
        "192.0.2.0/",
        "2001:db8::/129",
        "1.2.3.4/8/8",
        "::1,"
      })
  void parse_invalidNetwork_failsWithTheSetting(String list) {
    assertThatThrownBy(() -> NetworkList.parse("the-setting", list))
        .hasMessageStartingWith("the-setting must hold networks such as 192.0.2.0/24");
  }

  private static GuardConfig config(Map<String, String> values) {
    var model = new AuthenticatorConfigModel();
    model.setConfig(new HashMap<>(values));
    return GuardConfig.of(model);
  }
}
