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

/** Lets the domain have its statements through {@code rowlock.enter} and in no other way. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({DatabaseProblems.class, RevokedFirst.class})
class IsolationAutoConfiguration {

  @Bean
  ApplicationPool rowlockApplicationPool(DatabaseSettings settings, MeterRegistry meters) {
    return ApplicationPool.open(settings, meters);
  }

  /** After the application's pool, which brings the database up to date. */
  @Bean
  LedgerDatabase rowlockLedgerDatabase(
      ApplicationPool migrated, DatabaseSettings settings, MeterRegistry meters) {
    return LedgerDatabase.open(settings, meters);
  }

  /** The one that is injected by type, whatever other {@code DataSource} the application has. */
  @Bean
  @Primary
  OwnerScopedDataSource ownerScopedDataSource(ApplicationPool pool) {
    return new OwnerScopedDataSource(pool.connections());
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

  /** The name makes it the contributor {@code db}. */
  @Bean
  HealthIndicator dbHealthIndicator(ApplicationPool pool) {
    return new DatabaseHealth(pool.connections());
  }
}
