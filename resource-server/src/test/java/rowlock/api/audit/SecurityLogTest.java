/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.field.FieldReport;
import rowlock.settings.ClientSettings;

@ExtendWith(OutputCaptureExtension.class)
class SecurityLogTest {
  private static final int LINES = 50;

  private final AtomicLong nanos = new AtomicLong();
  private final ClientSettings settings = new ClientSettings(List.of(), 10, LINES);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final FailureBudget budget = new FailureBudget(settings, nanos::get);
  private final SecurityLog log =
      new SecurityLog(
          settings,
          budget,
          metrics,
          Clock.fixed(Instant.parse("2030-01-02T03:04:05.678Z"), ZoneOffset.UTC),
          nanos::get);

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
  void unknownValues_areEmptyStrings(CapturedOutput output) {
    log.refused(Refusal.NO_CREDENTIALS, null, null, null);
    assertThat(output).contains("\"client\":\"\",\"kid\":\"\",\"client_id\":\"\"}");
  }

  @FieldReport("https://github.com/JanssenProject/jans/issues/12759")
  @Test
  void requestData_cannotForgeALine(CapturedOutput output) {
    log.refused(Refusal.UNKNOWN_KEY, "::1", "a\"}\n{\"event\":\"forged", "${jndi:x}{}%n\u2028");
    assertThat(output.getOut().lines().filter(line -> line.contains("unknown_key"))).hasSize(1);
    assertThat(output).doesNotContain("\"forged").doesNotContain("${");
  }

  @Test
  void longTextIsCut(CapturedOutput output) {
    log.refused(Refusal.UNKNOWN_KEY, "192.0.2.1", "k".repeat(10_000), null);
    assertThat(output).contains("\"kid\":\"" + "k".repeat(64) + "\",");
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void everyReasonIsCountedFromTheStart(Refusal reason) {
    assertThat(count(reason)).isZero();
    log.refused(reason, null, null, null);
    assertThat(count(reason)).isEqualTo(1);
  }

  @Test
  void floodOfOneClient_isCounted_aTenthIsWritten(CapturedOutput output) {
    for (var i = 0; i < 5_000; i++) {
      log.refused(Refusal.UNKNOWN_KEY, "2001:db8::" + Integer.toHexString(i), null, null);
    }
    assertThat(count(Refusal.UNKNOWN_KEY)).isEqualTo(5_000);
    assertThat(lines(output, "authentication_refused")).hasSize(LINES / 10);

    log.summarize();
    assertThat(lines(output, "refusals_not_written"))
        .containsExactly(
            "{\"time\":\"2030-01-02T03:04:05.678Z\",\"event\":\"refusals_not_written\","
                + "\"counts\":{\"unknown_key\":4995}}");
  }

  @Test
  void flood_hidesNoOtherClientOrReason(CapturedOutput output) {
    for (var i = 0; i < 5_000; i++) {
      log.refused(Refusal.UNKNOWN_KEY, "192.0.2.1", null, null);
    }
    log.refused(Refusal.BAD_SIGNATURE, "192.0.2.1", null, null);
    log.refused(Refusal.UNKNOWN_KEY, "192.0.2.2", null, null);
    assertThat(lines(output, "bad_signature")).hasSize(1);
    assertThat(lines(output, "192.0.2.2")).hasSize(1);
  }

  @Test
  void floodOfManyClients_isWrittenUpToTheLimit(CapturedOutput output) {
    for (var i = 0; i < 5_000; i++) {
      log.refused(Refusal.UNKNOWN_KEY, "10.0." + i / 250 + "." + i % 250, null, null);
    }
    assertThat(lines(output, "authentication_refused")).hasSize(LINES);

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    log.refused(Refusal.EXPIRED, "192.0.2.1", null, null);
    assertThat(lines(output, "expired")).hasSize(1);
  }

  @Test
  void summary_namesEachSuppressedReasonOnce(CapturedOutput output) {
    for (var i = 0; i < 7; i++) {
      log.refused(Refusal.EXPIRED, "192.0.2.1", null, null);
      log.refused(Refusal.NO_CREDENTIALS, "192.0.2.1", null, null);
    }
    log.summarize();
    log.summarize();
    assertThat(lines(output, "refusals_not_written")).hasSize(1);
    assertThat(output).contains("\"counts\":{\"no_credentials\":2,\"expired\":2}}");
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {
        "NO_CREDENTIALS",
        "BAD_AUTHORIZATION_HEADER",
        "INSUFFICIENT_SCOPE",
        "INSUFFICIENT_USER_AUTHENTICATION",
        "REVOKED",
        "NO_KEYS",
        "OVER_BUDGET"
      })
  void otherRefusals_useNoBudget(Refusal reason) {
    for (var i = 0; i < 100; i++) {
      log.refused(reason, "192.0.2.1", null, null);
    }
    assertThat(budget.untilNext("192.0.2.1")).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {"MALFORMED_TOKEN", "UNKNOWN_KEY", "BAD_SIGNATURE", "WRONG_AUDIENCE", "EXPIRED"})
  void invalidToken_usesTheBudgetOfItsSender(Refusal reason) {
    for (var i = 0; i < 10; i++) {
      assertThat(budget.untilNext("192.0.2.1")).isZero();
      log.refused(reason, "192.0.2.1", null, null);
    }
    assertThat(budget.untilNext("192.0.2.1")).isPositive();
    assertThat(budget.untilNext("192.0.2.2")).isZero();
  }

  private static List<String> lines(CapturedOutput output, String text) {
    return output.getOut().lines().filter(line -> line.contains(text)).toList();
  }

  private double count(Refusal reason) {
    return metrics
        .get("rowlock.authentication.refused")
        .tag("reason", reason.code())
        .counter()
        .count();
  }
}
