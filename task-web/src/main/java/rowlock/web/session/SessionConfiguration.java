/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.database.DatabaseHealth;

/** Makes the state of the database a part of readiness. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

  /** The name makes it the contributor {@code db}. */
  @Bean
  HealthIndicator dbHealthIndicator(SessionDatabase database) {
    return new DatabaseHealth(database.connections());
  }
}
