/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.provider.ProviderConfigProperty;
import rowlock.keycloak.rotation.RefreshRotationConfig.Mode;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;

class RefreshRotationConfigTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                                              | 10 | window               | user-session
          {"grace-seconds": "", "mode": "", "on-reuse": ""}                                               | 10 | window               | user-session
          {"grace-seconds": 0}                                                                            | 0  | window               | user-session
          {"grace-seconds": "60", "mode": "until-successor-used", "on-reuse": "all-sessions"}             | 60 | until-successor-used | all-sessions
          {"grace-seconds": 1, "mode": "window", "on-reuse": "client-session"}                            | 1  | window               | client-session
          """)
  void rules_consoleOrFileValues_areRead(String json, int grace, String mode, String onReuse)
      throws JsonProcessingException {
    var rules = config(json).rules();

    assertThat(rules.grace()).isEqualTo(Duration.ofSeconds(grace));
    assertThat(rules.mode()).hasToString(mode);
    assertThat(rules.onReuse()).hasToString(onReuse);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"grace-seconds": 61}              | grace-seconds must be a whole number from 0 to 60
          {"grace-seconds": -1}              | grace-seconds must be a whole number from 0 to 60
          {"grace-seconds": 1.5}             | grace-seconds must be a whole number from 0 to 60
          {"grace-seconds": "ten"}           | grace-seconds must be a whole number from 0 to 60
          {"grace-seconds": [10]}            | grace-seconds must be a whole number from 0 to 60
          {"grace-seconds": "99999999999"}   | grace-seconds must be a whole number from 0 to 60
          {"mode": "Window"}                 | mode must be one of [window, until-successor-used]
          {"on-reuse": "nothing"}            | on-reuse must be one of [client-session, user-session, all-sessions]
          {"grace-second": 10}               | Unknown setting grace-second
          """)
  void rules_invalidSetting_failsWithAllowedValues(String json, String message)
      throws JsonProcessingException {
    var config = config(json);

    assertThatThrownBy(config::rules)
        .isInstanceOf(RefreshRotationConfig.InvalidSetting.class)
        .hasMessage(message);
  }

  @Test
  void configProperties_haveDefaults() {
    assertThat(new RefreshRotationExecutorFactory().getConfigProperties())
        .extracting(
            ProviderConfigProperty::getName,
            ProviderConfigProperty::getDefaultValue,
            ProviderConfigProperty::getOptions)
        .containsExactly(
            tuple("grace-seconds", "10", null),
            tuple("mode", Mode.WINDOW.toString(), List.of("window", "until-successor-used")),
            tuple(
                "on-reuse",
                OnReuse.USER_SESSION.toString(),
                List.of("client-session", "user-session", "all-sessions")));
  }

  private static RefreshRotationConfig config(String json) throws JsonProcessingException {
    return new ObjectMapper().readValue(json, RefreshRotationConfig.class);
  }
}
