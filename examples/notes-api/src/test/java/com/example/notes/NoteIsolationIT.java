/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import rowlock.api.test.IsolationContract;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockTest;

/** The contract of isolation, on notes and their tags. */
@RowlockTest
class NoteIsolationIT extends IsolationContract {
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]+)\"");

  @Override
  protected List<String> tables() {
    return List.of("public.note", "public.tag");
  }

  @Override
  protected String create(OwnerClient owner) {
    var created =
        owner.post(
            "/api/me/notes",
            """
            {"title": "a title", "body": "a text", "tags": [{"name": "a tag"}]}""");
    assertThat(created.statusCode()).isEqualTo(201);
    var id = ID.matcher(created.body());
    assertThat(id.find()).isTrue();
    return "/api/me/notes/" + id.group(1);
  }
}
