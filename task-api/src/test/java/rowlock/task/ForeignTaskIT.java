/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.api.resource.Cursor;

/** A foreign resource is answered like a missing one, byte for byte. */
class ForeignTaskIT extends TaskClient {
  private final UUID ann = UUID.randomUUID();
  private final UUID bob = UUID.randomUUID();
  private String annsToken;
  private String bobsToken;
  private String annsTask;

  @BeforeEach
  void giveAnnATask() {
    annsToken = client.as(ann).token();
    bobsToken = client.as(bob).token();
    var answer = exchange("POST", "/api/me/tasks", annsToken, "{\"title\":\"secret\"}", "");
    var body = answer.substring(answer.indexOf("\r\n\r\n"));
    var start = body.indexOf("\"id\":\"") + 6;
    annsTask = UUID.fromString(body.substring(start, start + 36)).toString();
  }

  /** Returns the whole response except for the date. */
  private String exchange(
      String method, String path, String token, String body, String moreHeaders) {
    var content =
        body.isEmpty()
            ? ""
            : "Content-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n";
    return client
        .sendRaw(
            method
                + " "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + token
                + "\r\n"
                + moreHeaders
                + content
                + "\r\n"
                + body)
        .replaceFirst("\r\nDate: [^\r]*", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET     |           |                                |
          GET     |           |                                | If-None-Match: "v1"
          HEAD    |           |                                |
          PUT     |           | {"title":"stolen"}             |
          PUT     |           | {"title":"stolen"}             | If-Match: "v1"
          PUT     |           | {"title":"stolen"}             | If-Match: "v9"
          PUT     |           | {"title":""}                   |
          PUT     |           | {"title":                      |
          PUT     |           | {"title":"a","owner":"b"}      | If-Match: "v9"
          DELETE  |           |                                |
          DELETE  |           |                                | If-Match: "v9"
          PATCH   | /complete |                                |
          PATCH   | /complete | {"completed":true}             |
          PATCH   | /complete | {"completed":7}                |
          POST    |           | {"title":"a"}                  |
          PATCH   |           | {"title":"a"}                  |
          OPTIONS |           |                                |
          GET     | /complete |                                |
          GET     | /x/y      |                                |
          """)
  void a_foreign_task_an_unknown_id_and_no_id_are_one_answer(
      String method, String suffix, String body, String header) {
    var end = suffix == null ? "" : suffix;
    var content = body == null ? "" : body;
    var headers = header == null ? "" : header + "\r\n";
    var answers =
        List.of(
                "/api/me/tasks/" + UUID.randomUUID(),
                "/api/me/tasks/" + annsTask,
                "/api/" + bob + "/tasks/" + annsTask,
                "/api/me/tasks/" + annsTask.toUpperCase(Locale.ROOT),
                "/api/me/tasks/1",
                "/api/me/tasks/%27%20or%201=1--")
            .stream()
            .map(path -> exchange(method, path + end, bobsToken, content, headers))
            .toList();
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isEqualTo(answers.getFirst()));
    assertThat(answers.getFirst())
        .startsWith(method.equals("OPTIONS") ? "HTTP/1.1 200" : "HTTP/1.1 4");
    assertThat(exchange("GET", "/api/me/tasks/" + annsTask, annsToken, "", ""))
        .contains("\"secret\"")
        .contains("\"version\":1")
        .contains("\"completed\":false");
  }

  @ParameterizedTest
  @CsvSource({"GET", "HEAD", "POST", "PUT", "DELETE"})
  void another_owners_path_is_one_answer_whether_they_exist_or_not(String method) {
    var answers =
        List.of(
                "/api/" + ann + "/tasks/" + annsTask,
                "/api/" + ann + "/tasks/" + UUID.randomUUID(),
                "/api/" + UUID.randomUUID() + "/tasks/" + annsTask,
                "/api/unknown/tasks/" + annsTask,
                "/api/" + bob.toString().toUpperCase(Locale.ROOT) + "/tasks/" + annsTask)
            .stream()
            .map(
                path ->
                    exchange(
                        method,
                        path,
                        bobsToken,
                        method.startsWith("P") ? "{\"title\":\"a\"}" : "",
                        ""))
            .toList();
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isEqualTo(answers.getFirst()));
    if (!method.equals("POST")) {
      assertThat(answers.getFirst())
          .startsWith("HTTP/1.1 404")
          .isEqualTo(
              exchange(
                  method,
                  "/api/me/tasks/" + UUID.randomUUID(),
                  bobsToken,
                  method.startsWith("P") ? "{\"title\":\"a\"}" : "",
                  ""));
    }
  }

  @Test
  void list_showsOwnTasksOnly() {
    exchange("POST", "/api/me/tasks", bobsToken, "{\"title\":\"bob's\"}", "");
    assertThat(exchange("GET", "/api/me/tasks", bobsToken, "", ""))
        .contains("bob's")
        .doesNotContain("secret");
    assertThat(exchange("GET", "/api/" + ann + "/tasks", bobsToken, "", ""))
        .startsWith("HTTP/1.1 404");
    // Ann's task as a cursor shows no more than any other cursor.
    var cursor = new Cursor(UUID.fromString(annsTask)).text();
    assertThat(exchange("GET", "/api/me/tasks?cursor=" + cursor, bobsToken, "", ""))
        .doesNotContain("secret");
  }
}
