/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Changes the text of prepared statements, for example to remove the condition on the owner, or
 * records it. The parameters stay unchanged.
 */
public final class MutatingDataSource extends AbstractDataSource {
  private final DataSource target;
  private final UnaryOperator<String> mutation;

  /**
   * Creates a data source on another one.
   *
   * @param mutation returns the text to send for the text of a statement
   */
  public MutatingDataSource(DataSource target, UnaryOperator<String> mutation) {
    this.target = target;
    this.mutation = mutation;
  }

  @Override
  public Connection getConnection() throws SQLException {
    var connection = target.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                arguments[0] = mutation.apply((String) arguments[0]);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }
}
