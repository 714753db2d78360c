/* SPDX-License-Identifier: Apache-2.0 */
package com.example.library;

import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Books over HTTP. */
@RestController
@RequestMapping("/api/{owner}/books")
class BookController {
  record BookView(UUID id, String title, List<String> chapters) {

    static BookView of(Book book) {
      return new BookView(
          book.id(), book.title(), book.chapters().stream().map(Chapter::title).sorted().toList());
    }
  }

  record Content(String title, List<String> chapters) {}

  private final BookRepository books;

  BookController(BookRepository books) {
    this.books = books;
  }

  private Book find(UUID id) {
    return books.findById(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  @GetMapping
  @Transactional(readOnly = true)
  public List<BookView> list() {
    return books.findAll().stream().map(BookView::of).toList();
  }

  @GetMapping("/{id}")
  @Transactional(readOnly = true)
  public BookView read(@PathVariable UUID id) {
    return BookView.of(find(id));
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  @Transactional
  public BookView create(@RequestBody Content content) {
    return BookView.of(books.save(new Book(content.title(), content.chapters())));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Transactional
  public void delete(@PathVariable UUID id) {
    books.delete(find(id));
  }
}
