/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import rowlock.limit.FailureLog;

/** What limits and summaries run by. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class AuditConfiguration {

  @Bean
  FailureLog failureLog(Ticker ticker) {
    return new FailureLog(ticker);
  }

  /** Time that passes evenly, whatever happens to the clock, and that tests can let pass. */
  @Bean
  Ticker ticker() {
    return Ticker.systemTicker();
  }
}
