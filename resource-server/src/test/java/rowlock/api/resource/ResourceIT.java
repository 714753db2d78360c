/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.ApiServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entity tags, idempotency keys and list parameters over HTTP, and rows of another owner. */
class ResourceIT extends ApiServer {
  private static final String ITEMS = "/api/me/items";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String token = token();

  private HttpResponse<String> call(
      String method, String path, @Nullable String body, String... headers) {
    return callAs(token, method, path, body, headers);
  }

  private HttpResponse<String> callAs(
      String bearer, String method, String path, @Nullable String body, String... headers) {
    var request = request(path, bearer);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(
        request.method(
            method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  private static String titled(String title) {
    return JSON.createObjectNode().put("title", title).toString();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  private String create(String title) {
    var created = call("POST", ITEMS, titled(title));
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("ETag")).hasValue("\"v1\"");
    return created.headers().firstValue("Location").orElseThrow();
  }

  private JsonNode items() {
    return json(call("GET", ITEMS, null)).get("items");
  }

  @Test
  void read_ofTheKnownVersion_isNotModified() {
    var path = create("one");
    for (var known : List.of("\"v1\"", "W/\"v1\"", "\"x\", \"v1\"")) {
      var answer = call("GET", path, null, "If-None-Match", known);
      assertThat(answer.statusCode()).as(known).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers().firstValue("ETag")).hasValue("\"v1\"");
    }
    assertThat(call("GET", path, null, "If-None-Match", "\"v2\"").statusCode()).isEqualTo(200);
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
          "v1",         | 200
          , ,"v1"       | 200
          "a,b", "v1"   | 200
          "v2"          | 412
          W/"v1"        | 412
          "other"       | 412
          ""            | 412
          "v01"         | 412
          "v2","v3" ,   | 412
          ,             | 412
          v1            | 400
          "v1           | 400
          "v1" "v2"     | 400
          W/            | 400
          "v1"; "v2"    | 400
          *, "v1"       | 400
          """)
  void change_mayNameTheVersionItStartsFrom(String ifMatch, int status) {
    var changed = create("one");
    assertThat(call("PUT", changed, titled("two"), "If-Match", ifMatch).statusCode())
        .isEqualTo(status);
    var deleted = create("one");
    assertThat(call("DELETE", deleted, null, "If-Match", ifMatch).statusCode())
        .isEqualTo(status == 200 ? 204 : status);
    assertThat(call("GET", deleted, null).statusCode()).isEqualTo(status == 200 ? 404 : 200);
  }

  @Test
  void change_onlyIfThereIsNone_isNeverMade() {
    var path = create("one");
    assertThat(call("PUT", path, titled("two"), "If-None-Match", "*").statusCode()).isEqualTo(412);
    assertThat(call("DELETE", path, null, "If-None-Match", "\"v1\"").statusCode()).isEqualTo(400);
    assertThat(json(call("GET", path, null)).get("title").asString()).isEqualTo("one");
  }

  @Test
  void creation_withOneKey_happensOnce() {
    var key = "\"" + UUID.randomUUID() + "\"";
    var first = call("POST", ITEMS, titled("one"), "Idempotency-Key", key);
    var again = call("POST", ITEMS, titled("one"), "Idempotency-Key", key.replace("\"", ""));
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    var other = call("POST", ITEMS, titled("two"), "Idempotency-Key", key);
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(other.body()).contains("/problems/idempotency-key-reused");
    assertThat(items()).hasSize(1);

    var ofAnotherOwner = callAs(token(), "POST", ITEMS, titled("two"), "Idempotency-Key", key);
    assertThat(ofAnotherOwner.statusCode()).isEqualTo(201);
    assertThat(json(ofAnotherOwner).get("id")).isNotEqualTo(json(first).get("id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"once", "\"a b\"", "\"half", "\"a\\\"b\"", "\"a\";p=1", "\"\"", ""})
  void key_isAStringOfVisibleCharacters(String key) {
    var answer = call("POST", ITEMS, titled("one"), "Idempotency-Key", key);
    var accepted = key.equals("once");
    assertThat(answer.statusCode()).isEqualTo(accepted ? 201 : 400);
    if (!accepted) {
      assertThat(json(answer).at("/errors/0/detail").asString()).contains("Idempotency-Key");
    }
  }

  @Test
  void pages_followEachOtherToTheLast() {
    List<String> newestFirst = new ArrayList<>();
    for (var i = 0; i < 7; i++) {
      newestFirst.addFirst(create("item " + i));
    }
    List<String> seen = new ArrayList<>();
    var path = ITEMS + "?limit=3";
    var pages = 0;
    while (path != null) {
      var answer = call("GET", path, null);
      var page = json(answer);
      page.get("items").forEach(item -> seen.add(ITEMS + "/" + item.get("id").asString()));
      var link = answer.headers().firstValue("Link").orElse(null);
      assertThat(page.get("nextCursor").isNull()).isEqualTo(link == null);
      path = link == null ? null : link.replaceAll("^<(.*)>; rel=\"next\"$", "$1");
      pages++;
    }
    assertThat(seen).isEqualTo(newestFirst);
    assertThat(pages).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "cursor=x",
        "cursor=%00",
        "cursor=AAAAAAAAAAAAAAAAAAAAAB",
        "cursor=%27%3B%20drop%20table%20probe.item%3B--",
        "offset=1",
        "Limit=1"
      })
  void listParameter_thatIsNotUnderstood_isNamed(String query) {
    var answer = call("GET", ITEMS + "?" + query, null);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).at("/errors/0/detail").asString())
        .contains(query.substring(0, query.indexOf('=')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET     |                    |
          GET     |                    | If-None-Match: "v1"
          HEAD    |                    |
          PUT     | {"title":"stolen"} |
          PUT     | {"title":"stolen"} | If-Match: "v1"
          PUT     | {"title":"stolen"} | If-Match: "v9"
          PUT     | {"title":          | If-Match: "v9"
          DELETE  |                    |
          DELETE  |                    | If-Match: "v9"
          POST    | {"title":"a"}      |
          PATCH   | {"title":"a"}      |
          OPTIONS |                    |
          """)
  void foreignItem_unknownIdAndMalformedId_areOneAnswer(
      String method, @Nullable String body, @Nullable String header) {
    var foreign = create("secret");
    var id = foreign.substring(foreign.lastIndexOf('/') + 1);
    var thief = UUID.randomUUID();
    var stranger = ISSUER.token(KEY, thief);
    var answers =
        List.of(
                ITEMS + "/" + UUID.randomUUID(),
                foreign,
                "/api/" + thief + "/items/" + id,
                ITEMS + "/" + id.toUpperCase(Locale.ROOT),
                ITEMS + "/1",
                ITEMS + "/%27%20or%201=1--")
            .stream()
            .map(path -> wholeAnswer(method, path, stranger, body, header))
            .toList();
    assertThat(answers).allSatisfy(answer -> assertThat(answer).isEqualTo(answers.getFirst()));
    assertThat(answers.getFirst())
        .startsWith(method.equals("OPTIONS") ? "HTTP/1.1 200" : "HTTP/1.1 4");
    assertThat(json(call("GET", foreign, null)).toString()).contains("\"secret\"", "\"version\":1");
  }

  /** Returns the bytes of an answer, without the date. */
  private String wholeAnswer(
      String method, String path, String bearer, @Nullable String body, @Nullable String header) {
    var content = body == null ? "" : body;
    return raw(method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + bearer
            + "\r\n"
            + (header == null ? "" : header + "\r\n")
            + (body == null
                ? ""
                : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
            + "\r\n"
            + content)
        .replaceFirst("\r\nDate: [^\r]*", "");
  }
}
