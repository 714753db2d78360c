/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.api.owner.Owner;

/** There is no way from the domain's connection to a statement without an owner. */
class OwnerScopedDataSourceIT {

  private static final String SELECT = "select title from api.task";
  private static final String INSERT = "insert into api.task (owner_id, title) values (?, ?)";

  private static TestDatabase database;

  @BeforeAll
  static void migrate() {
    database = TestDatabase.create(1);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private static <T> T attempt(Work<T> work) throws SQLException {
    return new Owner(UUID.randomUUID(), "session", Instant.now())
        .call(
            () -> {
              try (Connection connection = database.dataSource().getConnection()) {
                return work.on(connection);
              }
            });
  }

  static Stream<Work<?>> waysAround() {
    return Stream.of(
        Connection::createStatement,
        connection -> connection.prepareCall("select 1"),
        connection -> connection.unwrap(org.postgresql.PGConnection.class),
        connection -> connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS),
        connection -> connection.prepareStatement(INSERT, new String[] {"id"}),
        connection -> connection.prepareStatement(SELECT).unwrap(org.postgresql.PGStatement.class),
        connection -> connection.prepareStatement(SELECT).executeQuery(SELECT),
        connection -> connection.prepareStatement(SELECT).execute(SELECT),
        connection -> connection.prepareStatement(SELECT).executeUpdate(SELECT),
        connection -> connection.prepareStatement(SELECT).getMetaData(),
        connection -> connection.prepareStatement(SELECT).getParameterMetaData(),
        connection -> connection.prepareStatement(SELECT).executeBatch(),
        connection -> {
          connection.prepareStatement(SELECT).addBatch();
          return true;
        },
        connection -> connection.getMetaData().getConnection(),
        connection -> connection.getMetaData().getTables(null, null, null, null),
        connection -> connection.setSavepoint());
  }

  @ParameterizedTest
  @MethodSource("waysAround")
  void what_cannot_be_led_through_enter_is_refused(Work<?> way) {
    assertThatThrownBy(() -> attempt(way)).isInstanceOf(SQLFeatureNotSupportedException.class);
  }
}
