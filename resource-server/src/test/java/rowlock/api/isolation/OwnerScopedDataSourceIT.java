/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.io.Reader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.owner.Owner;
import rowlock.api.settings.DatabaseSettings;
import rowlock.settings.InvalidSettingException;

/** The connection of the domain offers no way to a statement without an owner. */
class OwnerScopedDataSourceIT {
  private static final String SELECT = "select title from probe.item";
  private static final String INSERT = "insert into probe.item (owner_id, title) values (?, ?)";

  private static MigratedDatabase database;

  @BeforeAll
  static void migrate() {
    database = MigratedDatabase.create(1);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private static <T> T attempt(Work<T> work) throws SQLException {
    return new Owner(UUID.randomUUID(), "session", "client", Instant.now())
        .call(
            () -> {
              try (var connection = database.dataSource().getConnection()) {
                return work.on(connection);
              }
            });
  }

  static Stream<Work<?>> waysAround() {
    return Stream.of(
        connection -> connection.createStatement().unwrap(org.postgresql.PGStatement.class),
        connection -> {
          connection.createStatement().addBatch(SELECT);
          return true;
        },
        connection ->
            connection.prepareStatement(
                SELECT, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE),
        connection ->
            connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE),
        connection -> connection.prepareCall("select 1"),
        Connection::createBlob,
        Connection::createClob,
        connection -> {
          connection.prepareStatement(INSERT).setBlob(1, InputStream.nullInputStream());
          return true;
        },
        connection -> {
          connection.prepareStatement(INSERT).setClob(1, Reader.nullReader());
          return true;
        },
        connection -> {
          connection.setAutoCommit(false);
          var insert = connection.prepareStatement(INSERT);
          insert.setObject(1, InputStream.nullInputStream(), Types.BLOB);
          return insert.execute();
        },
        connection -> {
          var rows = connection.prepareStatement("select 1::oid").executeQuery();
          rows.next();
          return rows.getBlob(1);
        },
        connection -> {
          var rows = connection.prepareStatement("select 1::oid").executeQuery();
          rows.next();
          return rows.getClob(1);
        },
        connection -> {
          connection.setSchema("probe");
          return true;
        },
        connection -> connection.unwrap(org.postgresql.PGConnection.class),
        connection -> connection.prepareStatement(INSERT, new int[] {1}),
        connection ->
            connection
                .prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)
                .unwrap(org.postgresql.PGStatement.class),
        connection -> connection.prepareStatement(SELECT).unwrap(org.postgresql.PGStatement.class),
        connection -> connection.prepareStatement(SELECT).executeQuery(SELECT),
        connection -> connection.prepareStatement(SELECT).execute(SELECT),
        connection -> connection.prepareStatement(SELECT).executeUpdate(SELECT),
        connection -> connection.prepareStatement(SELECT).getMetaData(),
        connection -> connection.prepareStatement(SELECT).getParameterMetaData(),
        connection -> {
          connection.prepareStatement(SELECT).addBatch(SELECT);
          return true;
        },
        connection ->
            connection.getMetaData().getConnection().unwrap(org.postgresql.PGConnection.class),
        connection -> connection.getMetaData().getTables(null, null, null, null),
        connection ->
            rows(connection)
                .getStatement()
                .getConnection()
                .unwrap(org.postgresql.PGConnection.class),
        connection -> connection.getMetaData().unwrap(org.postgresql.jdbc.PgDatabaseMetaData.class),
        connection -> rows(connection).unwrap(org.postgresql.PGResultSetMetaData.class),
        connection -> rows(connection).getStatement().unwrap(org.postgresql.PGStatement.class),
        connection ->
            rows(connection)
                .getStatement()
                .getConnection()
                .createStatement()
                .unwrap(org.postgresql.PGStatement.class),
        connection -> {
          var select = connection.prepareStatement(SELECT);
          select.execute();
          return select
              .getResultSet()
              .getStatement()
              .getConnection()
              .createStatement()
              .unwrap(org.postgresql.PGStatement.class);
        },
        connection -> {
          var rows = connection.prepareStatement("select array['a']").executeQuery();
          rows.next();
          return rows.getArray(1)
              .getResultSet()
              .getStatement()
              .getConnection()
              .createStatement()
              .unwrap(org.postgresql.PGStatement.class);
        },
        connection -> {
          var rows = connection.prepareStatement("select array['a']").executeQuery();
          rows.next();
          return ((Array) rows.getObject(1)).getResultSet().getStatement().executeQuery(SELECT);
        },
        connection -> {
          connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
          return true;
        },
        connection -> {
          connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
          return true;
        });
  }

  private static ResultSet rows(Connection connection) throws SQLException {
    return connection.prepareStatement(SELECT).executeQuery();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stringtype=unspecified",
        "prepareThreshold=-1",
        "preferQueryMode=simple",
        "options=-c%20api.owner=x",
        "socketTimeout=0",
        "service=other"
      })
  void unsafeUrlParameter_isRefused(String parameter) {
    var good = database.settings();
    var bad =
        new DatabaseSettings(
            good.url() + (good.url().contains("?") ? "&" : "?") + parameter,
            good.user(),
            good.password(),
            good.migrationUser(),
            good.migrationPassword(),
            1);
    assertThatThrownBy(() -> ApplicationPool.open(bad, new SimpleMeterRegistry()))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("ROWLOCK_DB_URL");
  }

  @ParameterizedTest
  @MethodSource("waysAround")
  void unsupportedOperation_isRefused(Work<?> way) {
    assertThatThrownBy(() -> attempt(way)).isInstanceOf(SQLFeatureNotSupportedException.class);
  }
}
