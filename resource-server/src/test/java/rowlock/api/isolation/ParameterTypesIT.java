/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements are sent together with rowlock.enter, whatever the types of their parameters. */
class ParameterTypesIT extends PoolOfOne {
  /**
   * The driver would separate a statement from rowlock.enter if the type of a parameter is
   * unspecified.
   */
  @Test
  void unspecifiedType_keepsStatementWithOwner() throws SQLException {
    for (var i = 0; i < 12; i++) {
      var seen =
          as(
              ann,
              connection -> {
                try (var select =
                    connection.prepareStatement(
                        """
                        select title, coalesce(cast(? as text), 'none'), cast(? as timestamptz),
                               cast(? as json), cast(? as uuid), cast(? as text[]),
                               cast(? as time), cast(? as timestamptz)
                        from probe.item
                        """)) {
                  select.setNull(1, Types.NULL);
                  select.setTimestamp(2, new Timestamp(0));
                  select.setObject(3, "{}", Types.OTHER);
                  select.setObject(4, null);
                  select.setNull(5, Types.ARRAY);
                  select.setNull(6, Types.TIME);
                  select.setNull(7, Types.TIMESTAMP_WITH_TIMEZONE);
                  List<String> titles = new ArrayList<>();
                  try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                      titles.add(rows.getString(1));
                    }
                  }
                  return titles;
                }
              });
      assertThat(seen).as("use " + i).containsExactly("ann's");
    }
  }

  static IntStream nullTypes() {
    return IntStream.of(
        Types.TIMESTAMP,
        Types.TIMESTAMP_WITH_TIMEZONE,
        Types.TIME,
        Types.TIME_WITH_TIMEZONE,
        Types.ARRAY,
        Types.STRUCT,
        Types.DISTINCT,
        Types.VARCHAR,
        Types.BOOLEAN,
        Types.DATE,
        Types.NUMERIC);
  }

  @ParameterizedTest
  @MethodSource("nullTypes")
  void nullOfAnyType_keepsStatementWithOwner(int type) throws SQLException {
    for (var i = 0; i < 5; i++) {
      var seen =
          as(
              ann,
              connection -> {
                try (var select =
                    connection.prepareStatement(
                        "select title from probe.item where coalesce(?, null) is null")) {
                  select.setNull(1, type);
                  var rows = select.executeQuery();
                  return rows.next() ? rows.getString(1) : "nothing";
                }
              });
      assertThat(seen).as("use " + i).isEqualTo("ann's");
    }
  }
}
