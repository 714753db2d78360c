/* SPDX-License-Identifier: Apache-2.0 */
package com.example.library;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** An entity with a lazy collection. It does not mention its owner. */
@Entity
public class Book {
  @Id
  @GeneratedValue(strategy = GenerationType.UUID)
  private UUID id;

  @Version private long version;
  private String title;

  @OneToMany(mappedBy = "book", cascade = CascadeType.ALL, orphanRemoval = true)
  private List<Chapter> chapters = new ArrayList<>();

  protected Book() {}

  Book(String title, List<String> chapters) {
    this.title = title;
    chapters.forEach(chapter -> this.chapters.add(new Chapter(this, chapter)));
  }

  UUID id() {
    return id;
  }

  String title() {
    return title;
  }

  List<Chapter> chapters() {
    return chapters;
  }
}
