/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import rowlock.field.FieldReport;

/** The addresses in responses when the public URL has a path that the proxy in front removes. */
@TestPropertySource(properties = "rowlock.public.url=https://tasks.example.org/tasks-api")
class PublicAddressIT extends TaskClient {
  @FieldReport("https://github.com/quarkusio/quarkus/issues/9622")
  @Test
  void location_starts_with_the_path_of_the_public_url() {
    var created = call("POST", "/api/me/tasks", "{\"title\":\"Milk\"}");
    assertThat(created.headers().firstValue("Location"))
        .contains("/tasks-api/api/me/tasks/" + json(created).get("id").asString());
  }

  @FieldReport("https://github.com/quarkusio/quarkus/issues/9622")
  @Test
  void link_starts_with_the_path_of_the_public_url() {
    create("Milk");
    create("Bread");
    assertThat(
            call("GET", "/api/me/tasks?limit=1", null).headers().firstValue("Link").orElseThrow())
        .startsWith("</tasks-api/api/me/tasks?limit=1&");
  }
}
