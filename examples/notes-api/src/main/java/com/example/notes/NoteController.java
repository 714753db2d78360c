/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import rowlock.api.scope.RequiredScope;

/** Notes over HTTP. Spring answers 401 without a valid token, and 404 for another owner's path. */
@RestController
@RequestMapping("/api/{owner}/notes")
@RequiredScope(read = "notes.read", write = "notes.write")
class NoteController {
  private static final int PAGE_SIZE = 20;

  private final NoteRepository notes;

  NoteController(NoteRepository notes) {
    this.notes = notes;
  }

  @GetMapping
  List<Note> list(@RequestParam(defaultValue = "0") int page) {
    return notes.findAll(PageRequest.of(page, PAGE_SIZE, Sort.by("id").descending())).getContent();
  }

  @GetMapping("/{id}")
  Note read(@PathVariable UUID id) {
    return notes.findById(id).orElseThrow(NoteController::notFound);
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Note create(@RequestBody @Valid NoteContent content) {
    return notes.save(new Note(null, content.title(), content.body(), content.tags(), null));
  }

  @PutMapping("/{id}")
  Note replace(@PathVariable UUID id, @RequestBody @Valid NoteContent content) {
    var old = read(id);
    return notes.save(new Note(id, content.title(), content.body(), content.tags(), old.version()));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable UUID id) {
    notes.delete(read(id));
  }

  private static ResponseStatusException notFound() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }
}
