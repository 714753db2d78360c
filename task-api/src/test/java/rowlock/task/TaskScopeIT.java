/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.ScopeContract;
import tools.jackson.databind.json.JsonMapper;

/** Every route of the task API requires one of two scopes. */
@RowlockTest(classes = TaskApiApplication.class)
class TaskScopeIT extends ScopeContract {
  private static final String TASK = "{\"title\": \"Water the plants\"}";

  @Autowired private RowlockClient client;

  @Test
  void scopes_areThoseOfReadingAndWriting() {
    var required = requiredScopes();
    required.forEach(
        (route, scope) ->
            assertThat(scope)
                .as(route)
                .isEqualTo(
                    route.startsWith("GET ") || route.startsWith("HEAD ")
                        ? "tasks.read"
                        : "tasks.write"));
    assertThat(required.values()).contains("tasks.read", "tasks.write");
    assertThat(required).hasSize(9);
  }

  @Test
  void description_namesTheScopeOfEachOperation() {
    var api = JsonMapper.shared().readTree(client.send(client.request("/v3/api-docs")).body());
    for (var path : api.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        assertThat(operation.getValue().at("/responses/403/description").asString())
            .as(operation.getKey() + " " + path.getKey())
            .endsWith(operation.getKey().equals("get") ? ": tasks.read" : ": tasks.write");
      }
    }
  }

  @Test
  void tokenThatMayOnlyRead_readsAndChangesNothing() {
    var owner = UUID.randomUUID();
    var created = client.as(owner).post("/api/me/tasks", TASK);
    var path =
        created.headers().firstValue("Location").orElseThrow().replaceFirst(".*/api", "/api");
    var reader = client.as(owner, claims -> claims.put("scope", "tasks.read"));

    assertThat(reader.get(path).body()).contains("Water the plants");
    assertThat(reader.get("/api/me/tasks?q=plants").body()).contains("Water the plants");
    for (var method : Set.of("PUT", "DELETE")) {
      assertThat(reader.send(method, path, TASK).statusCode()).as(method).isEqualTo(403);
    }
    assertThat(reader.send("PATCH", path + "/complete", null).statusCode()).isEqualTo(403);
    assertThat(reader.post("/api/me/tasks", TASK).statusCode()).isEqualTo(403);
    assertThat(reader.delete("/api/me").statusCode()).isEqualTo(403);
    assertThat(reader.get(path).headers().firstValue("ETag")).contains("\"v1\"");
  }

  @Test
  void tokenThatMayOnlyWrite_createsAndListsNothing() {
    var writer = client.as(UUID.randomUUID(), claims -> claims.put("scope", "tasks.write"));
    assertThat(writer.post("/api/me/tasks", TASK).statusCode()).isEqualTo(201);
    assertThat(writer.get("/api/me/tasks").statusCode()).isEqualTo(403);
  }

  @Test
  void foreignPath_isNotFoundWithoutAnyScope() {
    var stranger = client.as(UUID.randomUUID(), claims -> claims.put("scope", "openid"));
    assertThat(stranger.get("/api/" + UUID.randomUUID() + "/tasks").statusCode()).isEqualTo(404);
  }
}
