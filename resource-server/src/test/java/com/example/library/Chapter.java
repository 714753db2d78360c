/* SPDX-License-Identifier: Apache-2.0 */
package com.example.library;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import java.util.UUID;

/** A part of a {@link Book}. */
@Entity
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
