/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import rowlock.api.owner.Owner;

/** One connection that all users share; it has no owner after each test. */
abstract class PoolOfOne {
  static final String INSERT = "insert into probe.item (owner_id, title) values (?, ?)";
  static final String TITLES = "select title from probe.item order by title";

  static MigratedDatabase database;
  static DataSource rows;

  final Owner ann = someone();
  final Owner bob = someone();

  @BeforeAll
  static void shareOneConnection() {
    try (var roles = MigratedDatabase.create(1)) {
      // Short, so that a test can wait for it; the pool that is opened next has it.
      roles.asSuperuser(
          "alter role \"" + roles.settings().user() + "\" set statement_timeout = '300ms'");
      database = roles.at(roles.settings().url(), 1);
    }
    rows = database.dataSource();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static Owner someone() {
    return new Owner(UUID.randomUUID(), "session", "client", Instant.now());
  }

  @BeforeEach
  void giveBothARow() throws SQLException {
    add(ann, "ann's");
    add(bob, "bob's");
  }

  /** Each owner sees the own row, and a connection without an owner sees none. */
  @AfterEach
  void rows_ofAnotherOwner_areInvisible() throws SQLException {
    assertThat(titles(ann)).containsExactly("ann's");
    assertThat(titles(bob)).containsExactly("bob's");
    try (var connection = database.bare().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select current_setting('rowlock.owner', true), count(*) from probe.item")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isNullOrEmpty();
      assertThat(rows.getInt(2)).isZero();
    }
  }

  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  static <T> T as(Owner owner, Work<T> work) throws SQLException {
    return owner.call(
        () -> {
          try (var connection = rows.getConnection()) {
            return work.on(connection);
          }
        });
  }

  static int add(Owner owner, String title) throws SQLException {
    return as(
        owner,
        connection -> {
          try (var insert = connection.prepareStatement(INSERT)) {
            insert.setObject(1, owner.id());
            insert.setString(2, title);
            return insert.executeUpdate();
          }
        });
  }

  static List<String> titles(Owner owner) throws SQLException {
    return as(owner, PoolOfOne::titles);
  }

  static List<String> titles(Connection connection) throws SQLException {
    try (var select = connection.prepareStatement(TITLES);
        var rows = select.executeQuery()) {
      List<String> titles = new ArrayList<>();
      while (rows.next()) {
        titles.add(rows.getString(1));
      }
      return titles;
    }
  }
}
