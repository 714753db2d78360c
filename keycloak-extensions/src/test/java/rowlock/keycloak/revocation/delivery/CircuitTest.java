/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitTest {
  private final Circuit circuit = new Circuit();

  @Test
  void nobodyIsKnownToBeAwayAtFirst() {
    assertThat(circuit.isOpen("api")).isFalse();
    assertThat(circuit.answered("api")).isFalse();
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedForAndOthersAre() {
    circuit.failed("api");
    circuit.failed("api");

    assertThat(circuit.isOpen("api")).isTrue();
    assertThat(circuit.isOpen("other")).isFalse();
  }

  @Test
  void oneAnswerTellsThatItIsBackAndTheNextIsNoNews() {
    circuit.failed("api");

    assertThat(circuit.answered("api")).isTrue();
    assertThat(circuit.isOpen("api")).isFalse();
    assertThat(circuit.answered("api")).isFalse();
  }
}
