/* SPDX-License-Identifier: Apache-2.0 */
package com.example.minimal;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Memos. No statement has a condition on the owner. */
@RestController
@RequestMapping("/api/{owner}/memos")
class MemoController {
  record Memo(UUID id, String text) {}

  record Content(@NotBlank String text) {}

  private final JdbcClient jdbc;

  MemoController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @GetMapping
  List<Memo> list() {
    return jdbc.sql("select id, text from memo order by id").query(Memo.class).list();
  }

  @GetMapping("/{id}")
  Memo read(@PathVariable UUID id) {
    return jdbc.sql("select id, text from memo where id = ?")
        .param(id)
        .query(Memo.class)
        .optional()
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Memo create(@RequestBody @Valid Content content) {
    return jdbc.sql("insert into memo (text) values (?) returning id, text")
        .param(content.text())
        .query(Memo.class)
        .single();
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable UUID id) {
    if (jdbc.sql("delete from memo where id = ?").param(id).update() == 0) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
  }
}
