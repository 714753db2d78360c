/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the database answers; known after the pool's waiting time at the latest. */
final class DatabaseHealth implements HealthIndicator {

  private final ApplicationPool pool;

  DatabaseHealth(ApplicationPool pool) {
    this.pool = pool;
  }

  @Override
  public Health health() {
    try (Connection connection = pool.connections().getConnection()) {
      return connection.isValid(1) ? Health.up().build() : Health.down().build();
    } catch (SQLException away) {
      return Health.down().build();
    }
  }
}
