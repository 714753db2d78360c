/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.test.TestDatabase;

/** Every operation refuses the token of an ended session, whatever else is wrong. */
class TaskRevocationIT extends TaskClient {
  @Autowired private TestDatabase database;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    |                 |               | 200
          HEAD   |                 |               | 200
          GET    | ?limit=no       |               | 400
          POST   |                 | {"title":"x"} | 201
          POST   |                 | {"title":7}   | 422
          POST   |                 | {             | 400
          GET    | /%s             |               | 404
          GET    | /no-uuid        |               | 404
          PUT    | /%s             | {"title":"x"} | 404
          PUT    | /%s             | {"title":7}   | 404
          PUT    | /%s             | {             | 404
          DELETE | /%s             |               | 404
          PATCH  | /%s/complete    |               | 404
          PATCH  | /%s/complete    | {}            | 404
          """)
  void endedSession_isRefusedFirst(
      String method, @Nullable String path, @Nullable String body, int otherwise) {
    var session = UUID.randomUUID().toString();
    var owner = client.as(UUID.randomUUID(), claims -> claims.put("sid", session));
    var address = "/api/me/tasks" + (path == null ? "" : path.formatted(UUID.randomUUID()));
    assertThat(owner.send(method, address, body).statusCode()).isEqualTo(otherwise);
    database.asSuperuser(
        "insert into rowlock.revoked_session values ('"
            + session
            + "', now() + interval '10 minutes')");
    assertThat(owner.send(method, address, body).statusCode()).isEqualTo(401);
  }
}
