/* SPDX-License-Identifier: Apache-2.0 */
package com.example.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.test.IsolationContract;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import tools.jackson.databind.json.JsonMapper;

/** The contract of isolation, on JPA entities. */
@RowlockTest(
    properties = {
      "spring.flyway.locations=classpath:com/example/library",
      "rowlock.db.schema=public",
      "management.server.port=0"
    })
class BookIsolationIT extends IsolationContract {
  private @Autowired RowlockClient client;

  @Override
  protected List<String> tables() {
    return List.of("public.book", "public.chapter");
  }

  @Override
  protected String create(OwnerClient owner) {
    var created =
        owner.post("/api/me/books", "{\"title\": \"a title\", \"chapters\": [\"one\", \"two\"]}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return "/api/me/books/" + JsonMapper.shared().readTree(created.body()).get("id").stringValue();
  }

  @Test
  void booksWithTheirChapters_areListedToTheirOwnerOnly() {
    var ann = client.as(java.util.UUID.randomUUID());
    var bob = client.as(java.util.UUID.randomUUID());
    create(ann);
    assertThat(ann.get("/api/me/books").body()).contains("a title", "[\"one\",\"two\"]");
    assertThat(bob.get("/api/me/books").body()).isEqualTo("[]");
  }
}
