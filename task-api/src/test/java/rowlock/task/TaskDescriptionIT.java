/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The OpenAPI description of the operations. */
class TaskDescriptionIT extends TaskClient {
  @Test
  void the_description_knows_every_parameter_and_answer() {
    var paths = json(call("GET", "/v3/api-docs", null)).get("paths");
    assertThat(paths.propertyNames())
        .contains(
            "/api/{owner}/tasks", "/api/{owner}/tasks/{id}", "/api/{owner}/tasks/{id}/complete");
    var list = paths.get("/api/{owner}/tasks");
    assertThat(list.get("get").get("parameters").findValuesAsString("name"))
        .containsExactlyInAnyOrder("owner", "limit", "cursor", "status", "q");
    assertThat(list.get("post").get("responses").propertyNames())
        .contains("201", "401", "404", "409", "413", "415", "422", "503")
        .doesNotContain("200");
    var owner = paths.get("/api/{owner}");
    assertThat(owner.get("delete").get("responses").propertyNames())
        .contains("204", "401", "404")
        .doesNotContain("200");
    assertThat(owner.at("/delete/responses/401/description").asString())
        .contains("RFC 9470", "max_age=\"300\"");
    var one = paths.get("/api/{owner}/tasks/{id}");
    assertThat(one.get("put").get("responses").propertyNames()).contains("200", "404", "412");
    assertThat(one.get("delete").get("responses").propertyNames())
        .contains("204", "404", "412")
        .doesNotContain("200");
  }

  @Test
  void every_operation_needs_a_token_and_names_its_problems() {
    var paths = json(call("GET", "/v3/api-docs", null)).get("paths");
    for (var path : paths.properties()) {
      for (var operation : path.getValue().properties()) {
        var responses = operation.getValue().get("responses");
        assertThat(responses.propertyNames()).contains("401", "404", "503", "default");
        if (operation.getValue().has("requestBody")) {
          assertThat(responses.propertyNames()).contains("400", "413", "415", "422");
        }
        var address = path.getKey().replaceAll("\\{[^}]*}", "x");
        var method = operation.getKey().toUpperCase(Locale.ROOT);
        assertThat(
                client
                    .send(client.request(address).method(method, BodyPublishers.noBody()))
                    .statusCode())
            .as(method + " " + address)
            .isEqualTo(401);
      }
    }
  }
}
