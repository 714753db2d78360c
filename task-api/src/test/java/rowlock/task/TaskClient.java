/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests on behalf of one user, a new one in each test. */
@RowlockTest(classes = TaskApiApplication.class)
abstract class TaskClient {
  static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired RowlockClient client;

  private OwnerClient owner;

  @BeforeEach
  void signIn() {
    owner = client.as(UUID.randomUUID());
  }

  String token() {
    return owner.token();
  }

  HttpRequest.Builder request(String path) {
    return owner.request(path);
  }

  HttpResponse<String> call(String method, String path, @Nullable String body, String... headers) {
    var request = request(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body == null) {
      return client.send(request.method(method, BodyPublishers.noBody()));
    }
    return client.send(
        request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  JsonNode create(String title) {
    var answer =
        call("POST", "/api/me/tasks", JSON.createObjectNode().put("title", title).toString());
    assertThat(answer.statusCode()).isEqualTo(201);
    return json(answer);
  }

  static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  static String path(JsonNode task) {
    return "/api/me/tasks/" + task.get("id").asString();
  }

  static String etag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }
}
