/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SecurityLogTest {

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final SecurityLog log =
      new SecurityLog(
          Clock.fixed(Instant.parse("2030-01-02T03:04:05.678Z"), ZoneOffset.UTC), metrics);

  @Test
  void aLineIsOneJsonObjectWithFixedKeys(CapturedOutput output) {
    log.refused(Refusal.EXPIRED, "2001:db8::1", "key-1", "task-cli");
    assertThat(output)
        .contains(
            "{\"time\":\"2030-01-02T03:04:05.678Z\",\"event\":\"authentication_refused\","
                + "\"reason\":\"expired\",\"client\":\"2001:db8::1\",\"kid\":\"key-1\","
                + "\"client_id\":\"task-cli\"}");
  }

  @Test
  void whatIsNotKnownIsEmptyAndNotLeftOut(CapturedOutput output) {
    log.refused(Refusal.NO_CREDENTIALS, null, null, null);
    assertThat(output).contains("\"client\":\"\",\"kid\":\"\",\"client_id\":\"\"}");
  }

  @Test
  void nothingThatIsSentCanForgeALine(CapturedOutput output) {
    log.refused(Refusal.UNKNOWN_KEY, "::1", "a\"}\n{\"event\":\"forged", "${jndi:x}{}%n\u2028");
    assertThat(output.getOut().lines().filter(line -> line.contains("unknown_key"))).hasSize(1);
    assertThat(output).doesNotContain("\"forged").doesNotContain("${");
  }

  @Test
  void longTextIsCut() {
    assertThat(SecurityLog.clean("k".repeat(10_000))).hasSize(64);
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void everyReasonIsCountedFromTheStart(Refusal reason) {
    assertThat(count(reason)).isZero();
    log.refused(reason, null, null, null);
    assertThat(count(reason)).isEqualTo(1);
  }

  private double count(Refusal reason) {
    return metrics
        .get("rowlock.authentication.refused")
        .tag("reason", reason.code())
        .counter()
        .count();
  }
}
