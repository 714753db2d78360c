/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Works with entities as an ordinary controller does. */
@Hidden
@RestController
@RequestMapping("/probe/me/books")
class BookController {
  private final BookRepository books;

  BookController(BookRepository books) {
    this.books = books;
  }

  @PostMapping
  int add(@RequestParam String title) {
    books.saveAll(List.of(new Book(title, "one", "two"), new Book(title, "three")));
    return 2;
  }

  /** Loads each collection after the transaction of the repository has ended. */
  @GetMapping
  List<String> chapters() {
    return books.findAll().stream()
        .flatMap(book -> book.chapters().stream())
        .map(Chapter::title)
        .sorted()
        .toList();
  }

  @GetMapping("/read-only")
  @Transactional(readOnly = true)
  public List<String> chaptersReadOnly() {
    return chapters();
  }
}
