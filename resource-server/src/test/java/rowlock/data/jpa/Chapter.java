/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.util.UUID;

@Entity
@Table(schema = "probe", name = "chapter")
public class Chapter {
  @Id
  @GeneratedValue(strategy = GenerationType.UUID)
  private UUID id;

  @ManyToOne(fetch = FetchType.LAZY)
  private Book book;

  private String title;

  protected Chapter() {}

  Chapter(Book book, String title) {
    this.book = book;
    this.title = title;
  }

  String title() {
    return title;
  }
}
