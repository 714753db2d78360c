/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.audit;

import com.github.benmanes.caffeine.cache.Ticker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import rowlock.limit.ClientAddresses;
import rowlock.limit.FailureLog;
import rowlock.settings.ClientSettings;

/** Provides the clock of the limits, the peer addresses and the log of failures. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class AuditConfiguration {
  /** Returns monotonic time; tests replace it. */
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
