/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An entity with a generated id, a version and a lazy collection, and no word of its owner. */
@Entity
@Table(schema = "probe", name = "book")
public class Book {
  enum Kind {
    NOVEL,
    MANUAL
  }

  @Id
  @GeneratedValue(strategy = GenerationType.UUID)
  private UUID id;

  @Version private long version;
  private String title;
  private BigDecimal price;
  private LocalDate boughtOn;
  private Instant readAt;

  @Enumerated(EnumType.STRING)
  private Kind kind;

  @OneToMany(mappedBy = "book", cascade = CascadeType.ALL, orphanRemoval = true)
  @OrderBy("title")
  private List<Chapter> chapters = new ArrayList<>();

  protected Book() {}

  Book(String title, String... chapters) {
    this.title = title;
    this.price = new BigDecimal("9.50");
    this.boughtOn = LocalDate.of(2026, 1, 2);
    this.kind = Kind.MANUAL;
    for (var chapter : chapters) {
      this.chapters.add(new Chapter(this, chapter));
    }
  }

  UUID id() {
    return id;
  }

  long version() {
    return version;
  }

  String title() {
    return title;
  }

  void rename(String changed) {
    title = changed;
  }

  List<Chapter> chapters() {
    return chapters;
  }
}
