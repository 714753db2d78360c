/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import rowlock.limit.ClientAddresses;
import rowlock.limit.FailureLog;
import rowlock.settings.ClientSettings;

/** The time that limits run by, and the log of what fails on this side. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class AuditConfiguration {

  /** Monotonic time, which tests replace. */
  @Bean
  Ticker ticker() {
    return Ticker.systemTicker();
  }

  @Bean
  ClientAddresses clientAddresses(ClientSettings settings) {
    return new ClientAddresses(settings);
  }

  @Bean
  FailureLog failureLog(Ticker ticker) {
    return new FailureLog(ticker);
  }
}
