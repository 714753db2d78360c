/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.database;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Reports whether the database answers within the connection timeout of the pool. */
public final class DatabaseHealth implements HealthIndicator {
  private final DataSource connections;

  /**
   * @param connections a pool whose waiting time is limited
   */
  public DatabaseHealth(DataSource connections) {
    this.connections = connections;
  }

  @Override
  public Health health() {
    try (var connection = connections.getConnection()) {
      return connection.isValid(1) ? Health.up().build() : Health.down().build();
    } catch (SQLException e) {
      return Health.down().build();
    }
  }
}
