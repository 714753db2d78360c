/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.MappedCollection;
import org.springframework.data.relational.core.mapping.Table;

/** An aggregate with an embedded value, a list and a version, and no word of its owner. */
@Table(schema = "probe", value = "note")
public record Note(
    @Id Long id,
    @Version Long version,
    String title,
    @Embedded.Nullable Place place,
    List<String> tags,
    Instant createdAt,
    @MappedCollection(idColumn = "note_id", keyColumn = "position") List<Line> lines) {

  public record Place(String city, String street) {}

  @Table(schema = "probe", value = "note_line")
  public record Line(String text) {}

  static Note of(String title, String... lines) {
    return new Note(
        null,
        null,
        title,
        new Place("Bern", null),
        List.of("a", "b"),
        Instant.ofEpochSecond(1),
        Stream.of(lines).map(Line::new).toList());
  }

  Note withTitle(String changed) {
    return new Note(id, version, changed, place, tags, createdAt, lines);
  }

  Note withoutLines() {
    return new Note(id, version, title, place, tags, createdAt, List.of());
  }
}
