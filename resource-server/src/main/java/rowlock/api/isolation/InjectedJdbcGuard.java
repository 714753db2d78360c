/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import rowlock.api.settings.RefusedApplicationException;

/**
 * Refuses to start if a JDBC object that is injected by type uses another {@link DataSource} than
 * the owner-scoped one. Spring Boot creates none of its own if the application defines one, so
 * repositories would use it too.
 */
final class InjectedJdbcGuard implements SmartInitializingSingleton {
  private static final String STATEMENT = "select 1";

  private final ListableBeanFactory beans;
  private final DataSource rows;

  InjectedJdbcGuard(ListableBeanFactory beans, DataSource rows) {
    this.beans = beans;
    this.rows = rows;
  }

  /**
   * @throws RefusedApplicationException naming the type
   */
  @Override
  public void afterSingletonsInstantiated() {
    check(JdbcOperations.class, "JdbcTemplate", jdbc -> jdbc.execute(STATEMENT));
    check(
        NamedParameterJdbcOperations.class,
        "NamedParameterJdbcTemplate",
        jdbc -> jdbc.getJdbcOperations().execute(STATEMENT));
    check(JdbcClient.class, "JdbcClient", jdbc -> jdbc.sql(STATEMENT).query().listOfRows());
    if (beans.getBeanProvider(TransactionManager.class).getIfUnique()
            instanceof ResourceTransactionManager manager
        && manager.getResourceFactory() instanceof DataSource other
        && !other.equals(rows)) {
      throw refusal("TransactionManager");
    }
  }

  private <T> void check(Class<T> type, String name, Consumer<T> statement) {
    var injected = beans.getBeanProvider(type).getIfUnique();
    if (injected != null && !needsOwner(injected, statement)) {
      throw refusal(name);
    }
  }

  /**
   * Returns whether the statement needs an owner: the owner-scoped connection rejects all
   * statements here, because no owner is bound.
   */
  private static <T> boolean needsOwner(T injected, Consumer<T> statement) {
    try {
      statement.accept(injected);
      return false;
    } catch (DataAccessException e) {
      return false;
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage()).startsWith(UnownedConnection.UNBOUND);
    }
  }

  private static RefusedApplicationException refusal(String name) {
    return new RefusedApplicationException(
        "The "
            + name
            + " that is injected by type uses another DataSource, so statements would bypass row"
            + " security.",
        "Declare it with @Bean(defaultCandidate = false) and inject it by @Qualifier.");
  }
}
