/* SPDX-License-Identifier: Apache-2.0 */
package com.example.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import rowlock.api.test.IsolationContract;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockTest;
import tools.jackson.databind.json.JsonMapper;

/** The contract of isolation, on memos. */
@RowlockTest(
    properties = {
      "spring.flyway.locations=classpath:com/example/minimal",
      "rowlock.db.schema=public",
      "management.server.port=0"
    })
class MemoIsolationIT extends IsolationContract {
  @Override
  protected List<String> tables() {
    return List.of("public.memo");
  }

  @Override
  protected String create(OwnerClient owner) {
    var created = owner.post("/api/me/memos", "{\"text\": \"a text\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    return "/api/me/memos/" + JsonMapper.shared().readTree(created.body()).get("id").stringValue();
  }
}
