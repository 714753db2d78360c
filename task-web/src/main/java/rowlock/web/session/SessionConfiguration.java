/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.database.DatabaseHealth;

/** Adds the state of the database to the readiness health group. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
  /** Returns the health contributor {@code db}, named after the bean. */
  @Bean
  HealthIndicator dbHealthIndicator(SessionDatabase database) {
    return new DatabaseHealth(database.connections());
  }
}
