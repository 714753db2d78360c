/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.mock.env.MockEnvironment;

class ShutdownDelayTest {
  @Test
  void stop_reportsNotReadyAtOnce_andWaits() {
    var leaving = with("5m");
    is(leaving, ReadinessState.ACCEPTING_TRAFFIC);
    var stopping = Thread.startVirtualThread(() -> is(leaving, ReadinessState.REFUSING_TRAFFIC));

    await().until(() -> leaving.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);
    await().during(Duration.ofMillis(300)).until(stopping::isAlive);
    stopping.interrupt();
    await().until(() -> !stopping.isAlive());
  }

  @Test
  void stop_endsAfterTheDelay() {
    var leaving = with("200ms");
    is(leaving, ReadinessState.ACCEPTING_TRAFFIC);
    var begun = System.nanoTime();

    is(leaving, ReadinessState.REFUSING_TRAFFIC);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(199));
  }

  @Test
  void stopBeforeReady_doesNotWait() {
    var leaving = with("5m");
    is(leaving, ReadinessState.REFUSING_TRAFFIC);
    is(with("0s"), ReadinessState.ACCEPTING_TRAFFIC);
    assertThat(leaving.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1s", "6m", "soon"})
  void invalidDelay_isRefused(String delay) {
    assertThatThrownBy(() -> with(delay))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("ROWLOCK_SHUTDOWN_DELAY");
  }

  private static ShutdownDelay with(String delay) {
    return ShutdownDelay.from(
        new Variables(new MockEnvironment().withProperty("rowlock.shutdown.delay", delay)));
  }

  private void is(ShutdownDelay leaving, ReadinessState state) {
    leaving.onApplicationEvent(new AvailabilityChangeEvent<>(this, state));
  }
}
