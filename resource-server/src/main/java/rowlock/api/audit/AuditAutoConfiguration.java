/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.EnableScheduling;
import rowlock.limit.FailureLog;

/** Provides the rate limits and the clock of the security log. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({FailureBudget.class, SecurityLog.class, StartupLines.class})
@EnableScheduling
class AuditAutoConfiguration {
  @Bean
  FailureLog rowlockFailureLog(Ticker ticker) {
    return new FailureLog(ticker);
  }

  /** A monotonic clock, which tests replace. */
  @Bean
  Ticker rowlockTicker() {
    return Ticker.systemTicker();
  }
}
