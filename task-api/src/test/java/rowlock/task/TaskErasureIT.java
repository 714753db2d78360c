/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deletion of all tasks, which requires a recent login. */
class TaskErasureIT extends TaskClient {
  private static final String TASKS = "/api/me/tasks";

  private final UUID user = UUID.randomUUID();

  @BeforeEach
  void createTasks() {
    create("of another user");
    client.as(user).post(TASKS, "{\"title\":\"Milk\"}");
    client.as(user).post(TASKS, "{\"title\":\"Bread\"}");
    assertThat(tasks()).contains("Milk", "Bread");
  }

  @Test
  void deleteAll_recentLogin_deletesOwnTasksOnly() {
    var answer = deleteAll("/api/me", 200);
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(tasks()).contains("\"items\":[]");
    assertThat(call("GET", TASKS, null).body()).contains("of another user");
    assertThat(deleteAll("/api/me", 200).statusCode()).as("idempotent").isEqualTo(204);
  }

  @Test
  void deleteAll_oldLogin_isChallengedAndDeletesNothing() {
    var answer = deleteAll("/api/me", 400);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_user_authentication\"", "max_age=\"300\"");
    assertThat(tasks()).contains("Milk", "Bread");
  }

  @Test
  void delete_withoutTheIdOfATask_deletesNothing() {
    var now = Instant.now().getEpochSecond();
    var owner = client.as(user, claims -> claims.put("auth_time", now));
    assertThat(owner.delete(TASKS).statusCode()).isEqualTo(405);
    assertThat(owner.delete(TASKS + "/").statusCode()).isEqualTo(404);
    assertThat(tasks()).contains("Milk", "Bread");
  }

  @Test
  void deleteAll_ofAnotherUser_isNotFound() {
    assertThat(deleteAll("/api/" + UUID.randomUUID(), 0).statusCode()).isEqualTo(404);
    assertThat(deleteAll("/api/" + UUID.randomUUID(), 400).statusCode()).isEqualTo(404);
    assertThat(tasks()).contains("Milk", "Bread");
  }

  /** Sends the request with the token of a login that was so many seconds ago. */
  private HttpResponse<String> deleteAll(String path, long seconds) {
    var login = Instant.now().getEpochSecond() - seconds;
    return client.as(user, claims -> claims.put("auth_time", login)).delete(path);
  }

  private String tasks() {
    return client.as(user).get(TASKS).body();
  }
}
