/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FailureLogTest {
  private static final Logger log = LoggerFactory.getLogger("failures");

  private final AtomicLong nanos = new AtomicLong();
  private final FailureLog failures = new FailureLog(nanos::get);

  @Test
  void manyErrors_writeTwentyLinesAndTwoStackTraces(CapturedOutput output) {
    for (var i = 0; i < 1_000; i++) {
      failures.error(log, "A request failed", new IllegalStateException("cause-" + i));
    }
    assertThat(lines(output, "A request failed")).hasSize(20);
    assertThat(lines(output, "cause-")).hasSize(2);

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    failures.error(log, "A request failed", null);
    assertThat(output).contains("A request failed (980 more were suppressed)");
  }

  @Test
  void eachMessage_hasItsOwnLimit(CapturedOutput output) {
    for (var i = 0; i < 100; i++) {
      failures.warn(log, "The API did not answer", "SocketTimeoutException");
    }
    failures.warn(log, "The database is unavailable", null);
    assertThat(lines(output, "The API did not answer: SocketTimeoutException")).hasSize(20);
    assertThat(lines(output, "The database is unavailable")).hasSize(1);
  }

  private static List<String> lines(CapturedOutput output, String text) {
    return output.getOut().lines().filter(line -> line.contains(text)).toList();
  }
}
