/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import rowlock.api.settings.DatabaseSettings;
import rowlock.database.DatabaseHealth;

/** Configures the owner-scoped data source, through which all statements of the domain pass. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({DatabaseProblems.class, RevokedTokenExceptionResolver.class})
class IsolationAutoConfiguration {
  @Bean
  ApplicationPool rowlockApplicationPool(DatabaseSettings settings, MeterRegistry meters) {
    return ApplicationPool.open(settings, meters);
  }

  /** Created after the pool of the application, which migrates the database. */
  @Bean
  LedgerDatabase rowlockLedgerDatabase(
      ApplicationPool migrated, DatabaseSettings settings, MeterRegistry meters) {
    return LedgerDatabase.open(settings, meters);
  }

  /** The primary data source, also if the application defines others. */
  @Bean
  @Primary
  OwnerScopedDataSource ownerScopedDataSource(ApplicationPool pool) {
    return pool.rows();
  }

  @Bean
  static DataSourceGuard rowlockDataSourceGuard() {
    return new DataSourceGuard();
  }

  @Bean
  static InjectedJdbcGuard rowlockInjectedJdbcGuard(
      ListableBeanFactory beans, OwnerScopedDataSource rows) {
    return new InjectedJdbcGuard(beans, rows);
  }

  /** The bean name makes it the health contributor {@code db}. */
  @Bean
  HealthIndicator dbHealthIndicator(ApplicationPool pool) {
    return new DatabaseHealth(pool.connections());
  }
}
