/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
  private final Circuit circuit = new Circuit(nanos::get);

  @Test
  void whoAnswersIsTriedAlways() {
    assertThat(circuit.allows("api")).isTrue();
    circuit.answered("api");
    assertThat(circuit.allows("api")).isTrue();
  }

  @Test
  void whoDoesNotAnswerIsLeftAloneForSomeSecondsAndOthersAreNot() {
    circuit.failed("api");

    assertThat(circuit.allows("api")).isFalse();
    assertThat(circuit.allows("other")).isTrue();
    pass(Duration.ofSeconds(4));
    assertThat(circuit.allows("api")).isFalse();
  }

  @Test
  void atTheEndOfThePauseOneMayTryAndTheNextPauseIsTwiceAsLong() {
    circuit.failed("api");
    pass(Duration.ofSeconds(5));

    assertThat(circuit.allows("api")).isTrue();
    assertThat(circuit.allows("api")).isFalse();
    circuit.failed("api");
    pass(Duration.ofSeconds(9));
    assertThat(circuit.allows("api")).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(circuit.allows("api")).isTrue();
  }

  @Test
  void aPauseHasALimit() {
    circuit.failed("api");
    for (var i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(40));
      assertThat(circuit.allows("api")).isTrue();
      circuit.failed("api");
    }
  }

  @Test
  void anAnswerEndsThePause() {
    circuit.failed("api");
    circuit.answered("api");

    assertThat(circuit.allows("api")).isTrue();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
