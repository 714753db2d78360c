/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ServerLogLimitTest {
  private final AtomicLong now = new AtomicLong();
  private final ServerLogLimit limit = new ServerLogLimit(null, now::get);

  @Test
  void isLoggable_manyErrorsOfOneLogger_areLimitedForAMinute() {
    var written = 0;
    for (var i = 0; i < 3 * ServerLogLimit.RECORDS; i++) {
      written += limit.isLoggable(record("org.keycloak.x", Level.SEVERE)) ? 1 : 0;
    }

    assertThat(written).isEqualTo(ServerLogLimit.RECORDS);
    assertThat(limit.isLoggable(record("org.keycloak.y", Level.WARNING))).isTrue();

    now.addAndGet(Duration.ofMinutes(1).toNanos());
    var reports = new ArrayList<String>();
    var report = Logger.getLogger("rowlock.log");
    report.setFilter(entry -> !reports.add(entry.getMessage()));
    assertThat(limit.isLoggable(record("org.keycloak.x", Level.SEVERE))).isTrue();
    report.setFilter(null);
    assertThat(reports).containsExactly("120 records of org.keycloak.x were left out");
  }

  @Test
  void isLoggable_manyStackTraces_onlyTheFirstAreKept() {
    for (var i = 0; i < ServerLogLimit.TRACES; i++) {
      assertThat(trace().getThrown()).isNotNull();
    }

    var later = trace();
    assertThat(later.getThrown())
        .hasMessage("java.lang.IllegalStateException, stack trace left out")
        .hasNoCause();
    assertThat(later.getThrown().getStackTrace()).isEmpty();
  }

  @Test
  void isLoggable_securityLogAndInformation_areNotLimited() {
    for (var i = 0; i < 2 * ServerLogLimit.RECORDS; i++) {
      assertThat(limit.isLoggable(record("rowlock.audit", Level.WARNING))).isTrue();
      assertThat(limit.isLoggable(record("org.keycloak.x", Level.INFO))).isTrue();
    }
  }

  private LogRecord trace() {
    var entry = record("org.keycloak.x", Level.SEVERE);
    entry.setThrown(new IllegalStateException("secret"));
    assertThat(limit.isLoggable(entry)).isTrue();
    return entry;
  }

  private static LogRecord record(String logger, Level level) {
    var entry = new LogRecord(level, "Uncaught server error");
    entry.setLoggerName(logger);
    return entry;
  }
}
