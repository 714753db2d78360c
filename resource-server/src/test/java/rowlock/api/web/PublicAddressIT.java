/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.field.FieldReport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The addresses in responses when the public URL has a path that the proxy in front removes. */
@TestPropertySource(properties = "rowlock.public.url=https://api.example.org/items-api")
class PublicAddressIT extends ApiServer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String token = token();

  private HttpResponse<String> get(String path) {
    return send(request(path, token));
  }

  private HttpResponse<String> create(String title) {
    return send(
        request("/api/me/items", token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"title\":\"" + title + "\"}")));
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  @FieldReport("https://github.com/quarkusio/quarkus/issues/9622")
  @Test
  void location_starts_with_the_path_of_the_public_url() {
    var created = create("one");
    assertThat(created.headers().firstValue("Location"))
        .contains("/items-api/api/me/items/" + json(created).get("id").asString());
  }

  @FieldReport("https://github.com/quarkusio/quarkus/issues/9622")
  @Test
  void link_starts_with_the_path_of_the_public_url() {
    create("one");
    create("two");
    assertThat(get("/api/me/items?limit=1").headers().firstValue("Link").orElseThrow())
        .startsWith("</items-api/api/me/items?limit=1&");
  }

  @Test
  void problems_metadata_and_description_name_the_public_url() {
    assertThat(json(get("/api/me/items/x")).get("type").asString())
        .startsWith("https://api.example.org/items-api/problems/");
    assertThat(json(get("/.well-known/oauth-protected-resource")).get("resource").asString())
        .isEqualTo("https://api.example.org/items-api");
    assertThat(json(get("/v3/api-docs")).at("/servers/0/url").asString())
        .isEqualTo("https://api.example.org/items-api");
  }

  @Test
  void the_api_explorer_works_below_the_path_of_the_public_url() {
    assertThat(get("/swagger-ui.html").headers().firstValue("Location"))
        .hasValueSatisfying(
            location -> assertThat(location).endsWith("/items-api/swagger-ui/index.html"));
    assertThat(get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
    assertThat(get("/swagger-ui/swagger-initializer.js").body())
        .contains("/items-api/v3/api-docs")
        .doesNotContain("\"/v3/api-docs");
  }
}
