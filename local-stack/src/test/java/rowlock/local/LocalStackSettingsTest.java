/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.local.system.Ports;
import rowlock.local.system.StackFailure;
import rowlock.local.system.StackPort;

class LocalStackSettingsTest {
  @Test
  void whenNothingIsSet_thenTheUsualPortsAndTheRepositoryAreTaken() {
    var settings = LocalStackSettings.from(Map.of());

    assertThat(settings.allPorts())
        .extracting(StackPort::number)
        .containsExactly(8080, 9000, 5433, 1025);
    assertThat(settings.state()).isEqualTo(Path.of("../.rowlock").toAbsolutePath().normalize());
    assertThat(settings.reset()).isFalse();
  }

  @Test
  void everyValueCanBeSet() {
    var settings =
        LocalStackSettings.from(
            Map.of(
                "ROWLOCK_DATA", "/elsewhere",
                "ROWLOCK_KEYCLOAK_PORT", "1",
                "ROWLOCK_KEYCLOAK_MANAGEMENT_PORT", "2",
                "ROWLOCK_DB_PORT", "65535",
                "ROWLOCK_SMTP_PORT", "3",
                "ROWLOCK_RESET", "true"));

    assertThat(settings.allPorts()).extracting(StackPort::number).containsExactly(1, 2, 65535, 3);
    assertThat(settings.state()).isEqualTo(Path.of("/elsewhere"));
    assertThat(settings.reset()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "http", "80 80", "999999"})
  void invalidPort_isRefusedWithTheVariable(String port) {
    assertThatThrownBy(() -> LocalStackSettings.from(Map.of("ROWLOCK_DB_PORT", port)))
        .isInstanceOf(StackFailure.class)
        .hasMessage(
            "ROWLOCK_DB_PORT is \"" + port + "\": set it to a port number from 1 to 65535.");
  }

  @Test
  void whenResetIsNeitherTrueNorFalse_thenItIsRefused() {
    assertThatThrownBy(() -> LocalStackSettings.from(Map.of("ROWLOCK_RESET", "yes")))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("ROWLOCK_RESET");
  }

  @Test
  void whenTwoServicesShareAPort_thenBothVariablesAreNamed() {
    var ports = List.of(new StackPort("a", "A_PORT", 1), new StackPort("b", "B_PORT", 1));

    assertThatThrownBy(() -> Ports.requireFree(ports))
        .isInstanceOf(StackFailure.class)
        .hasMessage("A_PORT and B_PORT are both 1: a and b need different ports.");
  }
}
