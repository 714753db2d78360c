/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Whether the database answers. The name of the bean makes it the contributor {@code db}. */
@Component("dbHealthIndicator")
final class DatabaseHealth implements HealthIndicator {

  private final SessionDatabase database;

  DatabaseHealth(SessionDatabase database) {
    this.database = database;
  }

  @Override
  public Health health() {
    try {
      database.sessions().sql("select 1").query(Integer.class).single();
      return Health.up().build();
    } catch (DataAccessException away) {
      return Health.down().build();
    }
  }
}
