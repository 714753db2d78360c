/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The load still does what it says; how fast is not asked here. */
@Tag("thorough")
class RefreshLoadIT {

  @Test
  void aFewPeopleRefreshAtBothClientsWithoutFailure() throws InterruptedException {
    LoadSettings little =
        LoadSettings.of(List.of("users=8", "clients=4", "warmup=0", "turn=1", "seconds=2"));

    assertThat(new RefreshLoad(little).run()).isEmpty();
  }
}
