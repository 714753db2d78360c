/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Preconditions on the version of a task (RFC 9110 §13). */
class TaskConditionsIT extends TaskClient {
  private static final String RAW =
      "Host: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n";

  @Test
  void read_ofKnownVersion_is304() {
    var task = create("Milk");
    for (var known : new String[] {"\"v1\"", "W/\"v1\"", "\"x\", \"v1\""}) {
      var answer = call("GET", path(task), null, "If-None-Match", known);
      assertThat(answer.statusCode()).as(known).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(etag(answer)).isEqualTo("\"v1\"");
    }
    assertThat(call("GET", path(task), null, "If-None-Match", "\"v2\"").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "v1"          | 200
          *             | 200
          "v7", "v1"    | 200
          "v2"          | 412
          W/"v1"        | 412
          "other"       | 412
          ""            | 412
          "v01"         | 412
          v1            | 400
          "v1           | 400
          "v1" "v2"     | 400
          "v1",         | 200
          , ,"v1"       | 200
          "a,b", "v1"   | 200
          "v2","v3" ,   | 412
          ,             | 412
          W/            | 400
          "v1"; "v2"    | 400
          *, "v1"       | 400
          """)
  void a_change_may_name_the_version_it_starts_from(String ifMatch, int status) {
    var task = create("Milk");
    var deleted = status == 200 ? 204 : status;
    assertThat(call("PUT", path(task), "{\"title\":\"x\"}", "If-Match", ifMatch).statusCode())
        .isEqualTo(status);
    task = create("Milk");
    assertThat(call("PATCH", path(task) + "/complete", null, "If-Match", ifMatch).statusCode())
        .isEqualTo(status);
    task = create("Milk");
    assertThat(call("DELETE", path(task), null, "If-Match", ifMatch).statusCode())
        .isEqualTo(deleted);
  }

  @Test
  void missingTaskAndStaleVersion_areReportedBeforeABadBody() {
    var unknown = "/api/me/tasks/" + UUID.randomUUID();
    var task = create("Milk");
    for (var bad : new String[] {"{}", "{", "{\"title\":1}", "{\"x\":1}", ""}) {
      assertThat(call("PUT", unknown, bad).statusCode()).as(bad).isEqualTo(404);
      assertThat(call("PUT", path(task), bad, "If-Match", "\"v9\"").statusCode())
          .as(bad)
          .isEqualTo(412);
      assertThat(call("PUT", path(task), bad).statusCode()).as(bad).isIn(400, 422);
    }
    assertThat(call("PATCH", unknown + "/complete", "{}").statusCode()).isEqualTo(404);
    assertThat(call("PUT", unknown, "{}", "If-Match", "x").statusCode()).isEqualTo(404);
    assertThat(call("PUT", "/api/" + UUID.randomUUID() + "/tasks/x", "{}").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3000})
  void a_condition_without_any_tag_is_met_by_no_task(int commas) {
    var task = create("Milk");
    assertThat(call("DELETE", path(task), null, "If-Match", ",".repeat(commas)).statusCode())
        .isEqualTo(412);
    assertThat(
            client.sendRaw(
                "DELETE " + path(task) + " HTTP/1.1\r\n" + RAW.formatted(token(), "If-Match: ")))
        .startsWith("HTTP/1.1 412");
  }

  @Test
  void change_ifNoneMatchAny_isRefused() {
    var task = create("Milk");
    assertThat(call("PUT", path(task), "{\"title\":\"x\"}", "If-None-Match", "*").statusCode())
        .isEqualTo(412);
    assertThat(call("DELETE", path(task), null, "If-None-Match", "\"v1\"").statusCode())
        .isEqualTo(400);
    assertThat(json(call("GET", path(task), null))).isEqualTo(task);
  }
}
