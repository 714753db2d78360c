/* SPDX-License-Identifier: Apache-2.0 */
package com.example.mistakes;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.minimal.MinimalApplication;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;

/** A filter chain that lets requests through without a token, and that no start can notice. */
@RowlockTest(
    classes = {MinimalApplication.class, Mistakes.ChainForAHeader.class},
    properties = {
      "spring.flyway.locations=classpath:com/example/minimal",
      "rowlock.db.schema=public",
      "management.server.port=0"
    })
class UnguardedRequestIT {
  private @Autowired RowlockClient client;

  @Test
  void pathOfAnOwner_withoutAToken_isRefused() {
    var ann = client.as(UUID.randomUUID());
    ann.post("/api/me/memos", "{\"text\": \"a text\"}");
    for (var path : new String[] {"/api/me/memos", "/api/" + ann.owner() + "/memos"}) {
      var answer = client.send(client.request(path).header("X-Debug", "yes"));
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).contains("/problems/authentication-required");
    }
  }
}
