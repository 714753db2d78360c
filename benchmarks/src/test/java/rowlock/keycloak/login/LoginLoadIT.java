/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.rotation.LoadSettings;

/** Checks that the load runs, without assertions on time. */
@Tag("thorough")
class LoginLoadIT {
  @Test
  void fewUsers_signInAtBothServers_withoutFailure() throws InterruptedException {
    var few = LoadSettings.of(List.of("users=4", "clients=2", "warmup=1", "turn=2", "seconds=4"));

    assertThat(new LoginLoad(few).run()).isEmpty();
  }
}
