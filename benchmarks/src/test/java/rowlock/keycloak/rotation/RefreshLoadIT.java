/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks that the load runs, without assertions on time. */
@Tag("thorough")
class RefreshLoadIT {
  @Test
  void fewUsers_refreshAtBothClients_withoutFailure() throws InterruptedException {
    var little =
        LoadSettings.of(List.of("users=8", "clients=4", "warmup=0", "turn=1", "seconds=2"));

    assertThat(new RefreshLoad(little).run()).isEmpty();
  }
}
