/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnwantedTest {
  private final Unwanted unwanted = new Unwanted();

  @Test
  void asLongAsNothingIsTakenTheReceiverIsToBlame() {
    assertThat(unwanted.isIt("api", "1", false)).isFalse();
    assertThat(unwanted.isIt("api", "1", false)).isFalse();
    unwanted.taken("other", "2");
    assertThat(unwanted.isIt("api", "1", false)).isFalse();
  }

  @Test
  void whenAnotherWasTakenInBetweenTheMessageIsUntilItIsTakenItself() {
    assertThat(unwanted.isIt("api", "1", false)).isFalse();
    unwanted.taken("api", "2");

    assertThat(unwanted.isIt("api", "3", false)).as("failed for the first time").isFalse();
    assertThat(unwanted.isIt("api", "1", false)).isTrue();
    assertThat(unwanted.isIt("api", "1", false)).as("in a quiet night").isTrue();
    unwanted.taken("api", "1");
    assertThat(unwanted.isIt("api", "1", false)).isFalse();
  }

  @Test
  void whenAnotherIsTakenAtTheSameTimeTheMessageIs() {
    assertThat(unwanted.isIt("api", "1", true)).isTrue();
    assertThat(unwanted.isIt("api", "1", false)).isTrue();
  }
}
