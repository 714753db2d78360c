/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;

/** The operations on tasks over HTTP, as one user sees them. */
class TaskApiIT extends TaskClient {
  @Test
  void a_created_task_is_read_as_it_was_answered() {
    var before = Instant.now().minusSeconds(60);
    var created = call("POST", "/api/me/tasks", "{\"title\":\"Milk\",\"description\":\"2 l\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(etag(created)).isEqualTo("\"v1\"");
    var task = json(created);
    assertThat(task.propertyNames())
        .containsExactly(
            "id",
            "title",
            "description",
            "completed",
            "completedAt",
            "createdAt",
            "updatedAt",
            "version");
    assertThat(UUID.fromString(task.get("id").asString()).version()).isEqualTo(7);
    assertThat(task.get("completed").asBoolean()).isFalse();
    assertThat(task.get("completedAt").isNull()).isTrue();
    assertThat(Instant.parse(task.get("createdAt").asString())).isAfter(before);
    assertThat(task.get("createdAt").asString()).endsWith("Z");
    var location = created.headers().firstValue("Location").orElseThrow();
    assertThat(location).isEqualTo(path(task));

    var read = call("GET", location, null);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo(created.body());
    assertThat(etag(read)).isEqualTo("\"v1\"");
  }

  @Test
  void repeatedCreation_withSameKey_createsOneTask() {
    var key = "\"" + UUID.randomUUID() + "\"";
    var body = "{\"title\":\"Milk\"}";
    var first = call("POST", "/api/me/tasks", body, "Idempotency-Key", key);
    var again = call("POST", "/api/me/tasks", body, "Idempotency-Key", key);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    // without the quotes of a structured field, and of a task that has changed since
    call("PATCH", path(json(first)) + "/complete", "{\"completed\":true}");
    var late = call("POST", "/api/me/tasks", body, "Idempotency-Key", key.replace("\"", ""));
    assertThat(json(late).get("id")).isEqualTo(json(first).get("id"));
    assertThat(etag(late)).isEqualTo("\"v2\"");
    assertThat(json(call("GET", "/api/me/tasks", null)).get("items")).hasSize(1);
  }

  @FieldReport("https://github.com/josipmusa/idempotency4j/issues/12")
  @Test
  void a_key_with_other_content_is_422_and_creates_nothing() {
    var key = "\"" + UUID.randomUUID() + "\"";
    call("POST", "/api/me/tasks", "{\"title\":\"Milk\"}", "Idempotency-Key", key);
    var other = call("POST", "/api/me/tasks", "{\"title\":\"Bread\"}", "Idempotency-Key", key);
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(json(other).get("type").asString()).endsWith("/problems/idempotency-key-reused");
    assertThat(json(call("GET", "/api/me/tasks", null)).get("items")).hasSize(1);
  }

  @FieldReport("https://github.com/ietf-wg-httpapi/idempotency/issues/2")
  @Test
  void the_key_of_a_deleted_task_creates_nothing() {
    var key = UUID.randomUUID().toString();
    var body = "{\"title\":\"Milk\",\"completed\":true}";
    var first = call("POST", "/api/me/tasks", body, "Idempotency-Key", key);
    call("DELETE", path(json(first)), null);
    var again = call("POST", "/api/me/tasks", body, "Idempotency-Key", key);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(json(call("GET", "/api/me/tasks", null)).get("items")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"once", "\"a b\"", "\"half", "\"a\\\"b\"", "\"a\";p=1", "\"\"", ""})
  void a_key_is_a_string_of_visible_characters(String key) {
    var answer = call("POST", "/api/me/tasks", "{\"title\":\"Milk\"}", "Idempotency-Key", key);
    var accepted = key.equals("once");
    assertThat(answer.statusCode()).isEqualTo(accepted ? 201 : 400);
    if (!accepted) {
      assertThat(json(answer).at("/errors/0/detail").asString()).contains("Idempotency-Key");
    }
  }

  @Test
  void head_answers_as_get_without_a_body() {
    var task = create("Milk");
    var head = call("HEAD", path(task), null);
    var get = call("GET", path(task), null);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(etag(head)).isEqualTo(etag(get));
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(get.headers().firstValue("Content-Type"));
    assertThat(call("HEAD", "/api/me/tasks", null).statusCode()).isEqualTo(200);
    assertThat(call("HEAD", "/api/me/tasks/" + UUID.randomUUID(), null).statusCode())
        .isEqualTo(404);
  }

  @Test
  void replacement_clearsMissingMembers_keepsCompletion() {
    var task =
        json(
            call(
                "POST",
                "/api/me/tasks",
                "{\"title\":\"Milk\",\"description\":\"2 l\",\"completed\":true}"));
    assertThat(task.get("completed").asBoolean()).isTrue();
    var replaced = call("PUT", path(task), "{\"title\":\"Bread\"}");
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(etag(replaced)).isEqualTo("\"v2\"");
    var now = json(replaced);
    assertThat(now.get("title").asString()).isEqualTo("Bread");
    assertThat(now.get("description").isNull()).isTrue();
    assertThat(now.get("completedAt")).isEqualTo(task.get("completedAt"));
    assertThat(now.get("createdAt")).isEqualTo(task.get("createdAt"));
    var reopened = json(call("PUT", path(task), "{\"title\":\"Bread\",\"completed\":false}"));
    assertThat(reopened.get("completedAt").isNull()).isTrue();
  }

  @Test
  void complete_withoutBodyToggles_withBodySets() {
    var task = create("Milk");
    var complete = path(task) + "/complete";
    var done = json(call("PATCH", complete, null));
    assertThat(done.get("completed").asBoolean()).isTrue();
    assertThat(done.get("completedAt").isString()).isTrue();

    var again = call("PATCH", complete, "{\"completed\":true}");
    assertThat(json(again)).isEqualTo(done); // said twice: not even the version has changed
    assertThat(etag(again)).isEqualTo("\"v2\"");

    assertThat(json(call("PATCH", complete, "{\"completed\":false}")).get("completedAt").isNull())
        .isTrue();
    assertThat(json(call("PATCH", complete, null)).get("completed").asBoolean()).isTrue();
    assertThat(call("PATCH", complete, "{}").statusCode()).isEqualTo(422);
    for (var sent :
        List.of(
            BodyPublishers.ofString("null"),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream("null".getBytes(UTF_8))))) {
      assertThat(
              client
                  .send(
                      request(complete)
                          .header("Content-Type", "application/json")
                          .method("PATCH", sent))
                  .statusCode())
          .isEqualTo(422);
    }
    assertThat(call("PATCH", complete, "{\"completed\":\"true\"}").statusCode()).isEqualTo(422);
  }

  @Test
  void deletedTask_isNotFound() {
    var task = create("Milk");
    var deleted = call("DELETE", path(task), null);
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(call("GET", path(task), null).statusCode()).isEqualTo(404);
    assertThat(call("DELETE", path(task), null).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                     | /title
          {"title":null}                         | /title
          {"title":""}                           | /title
          {"title":" \\t\\u00a0\\u2003"}         | /title
          {"title":"a\\u0000b"}                  | /title
          {"title":"\\ud800"}                    | /title
          {"title":"\\udc00\\ud800"}             | /title
          {"title":7}                            | /title
          {"title":"a","description":"\\u0000"}  | /description
          {"title":"a","description":[]}         | /description
          {"title":"a","completed":"yes"}        | /completed
          {"title":"a","completed":1}            | /completed
          {"title":"a","ownerId":"x"}            | /ownerId
          {"title":"a","id":"x"}                 | /id
          {"title":"a","version":9}              | /version
          []                                     | ``
          """)
  void a_bad_member_is_refused_with_a_pointer_to_it(String body, String pointer) {
    for (var answer :
        List.of(call("POST", "/api/me/tasks", body), call("PUT", path(create("Milk")), body))) {
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(json(answer).get("errors").get(0).get("pointer").asString()).isEqualTo(pointer);
    }
  }

  @Test
  void lengths_count_code_points() {
    var smile = "\uD83D\uDE00";
    assertThat(create(smile.repeat(200)).get("title").asString()).isEqualTo(smile.repeat(200));
    assertThat(
            call("POST", "/api/me/tasks", "{\"title\":\"" + "a".repeat(201) + "\"}").statusCode())
        .isEqualTo(422);
    var described = "{\"title\":\"a\",\"description\":\"%s\"}";
    assertThat(call("POST", "/api/me/tasks", described.formatted(smile.repeat(1000))).statusCode())
        .isEqualTo(201);
    assertThat(call("POST", "/api/me/tasks", described.formatted("a".repeat(1001))).statusCode())
        .isEqualTo(422);
  }

  @Test
  void pages_follow_each_other_to_the_last() {
    List<String> newestFirst = new ArrayList<>();
    for (var i = 0; i < 7; i++) {
      newestFirst.addFirst(create("task " + i).get("id").asString());
    }
    List<String> seen = new ArrayList<>();
    var path = "/api/me/tasks?limit=3";
    var pages = 0;
    while (path != null) {
      var answer = call("GET", path, null);
      var page = json(answer);
      page.get("items").forEach(task -> seen.add(task.get("id").asString()));
      var link = answer.headers().firstValue("Link").orElse(null);
      assertThat(page.get("nextCursor").isNull()).isEqualTo(link == null);
      path = link == null ? null : link.replaceAll("^<(.*)>; rel=\"next\"$", "$1");
      pages++;
    }
    assertThat(seen).isEqualTo(newestFirst);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void a_list_can_be_of_open_or_completed_tasks() {
    var open = create("open");
    var done = create("done");
    call("PATCH", path(done) + "/complete", null);
    assertThat(titles("?status=open")).containsExactly("open");
    assertThat(titles("?status=completed")).containsExactly("done");
    assertThat(titles("?status=all")).containsExactly("done", "open");
    assertThat(titles("")).containsExactly("done", "open");
    assertThat(open.get("version").asInt()).isEqualTo(1);
  }

  @FieldReport("https://github.com/privacyidea/privacyidea/issues/5561")
  @Test
  void a_list_can_be_of_tasks_with_a_text() {
    create("Äpfel kaufen");
    create("100% _sure_ of it's name");
    call("POST", "/api/me/tasks", "{\"title\":\"Call Ada\",\"description\":\"about apples\"}");
    assertThat(titles("?q=%C3%A4PFEL")).containsExactly("Äpfel kaufen");
    assertThat(titles("?q=Apples")).containsExactly("Call Ada");
    assertThat(titles("?q=%25%20_")).containsExactly("100% _sure_ of it's name");
    assertThat(titles("?q=%25&status=completed")).isEmpty();
    assertThat(titles("?q=l")).hasSize(2);
    assertThat(titles("?q=nothing%20of%20the%20kind")).isEmpty();
  }

  @FieldReport("https://github.com/open-webui/open-webui/issues/29210")
  @ParameterizedTest
  @CsvSource({
    "composed, Caf\u00e9, Cafe\u0301",
    "decomposed, Cafe\u0301 am Markt, CAF\u00c9",
    "sharp s, Hauptstra\u00dfe, STRASSE",
    "capitals of sharp s, HAUPTSTRASSE, Stra\u00dfe",
    "final sigma, \u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2, \u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3",
    "no-break space, 10\u00a0km laufen, 10 km",
    "space, 10 km laufen, \u00a010\u202fkm\u00a0",
    "soft hyphen, Wasser\u00adglas, wasserglas",
    "zero width space, Wasserglas, \u200bwasser\u200bglas",
    "ligature, \ufb01nden, FINDEN",
    "full width, \uff21\uff22\uff23, abc",
    "three marks, \u0390, \u03aa\u0301",
    "ascii in capitals, Milk, MILK"
  })
  void a_text_is_found_in_its_canonical_form(String form, String title, String text) {
    create("another task");
    create(title);
    var query = URLEncoder.encode(text, UTF_8);
    assertThat(titles("?q=" + query)).as(form).containsExactly(title);
    assertThat(titles("?q=" + query + "x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u200b", "\ufeff\u2060", "\u00ad", "\u3000"})
  void a_title_or_query_that_shows_nothing_is_refused(String blank) {
    var body = "{\"title\":\"" + blank + "\"}";
    assertThat(call("POST", "/api/me/tasks", body).statusCode()).isEqualTo(422);
    var query = URLEncoder.encode(blank, UTF_8);
    assertThat(call("GET", "/api/me/tasks?q=" + query, null).statusCode()).isEqualTo(400);
  }

  @Test
  void the_pages_of_a_search_follow_each_other() {
    for (var i = 0; i < 5; i++) {
      create("R&D + 50% " + i);
      create("else " + i);
    }
    var first = call("GET", "/api/me/tasks?limit=3&q=r%26d%20%2B%2050%25", null);
    var link = first.headers().firstValue("Link").orElseThrow();
    var second = call("GET", link.replaceAll("^<(.*)>; rel=\"next\"$", "$1"), null);
    assertThat(json(first).get("items").size()).isEqualTo(3);
    assertThat(json(second).get("items").findValuesAsString("title"))
        .containsExactly("R&D + 50% 1", "R&D + 50% 0");
  }

  private List<String> titles(String query) {
    List<String> titles = new ArrayList<>();
    json(call("GET", "/api/me/tasks" + query, null))
        .get("items")
        .forEach(task -> titles.add(task.get("title").asString()));
    return titles;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "status=done",
        "status=OPEN",
        "cursor=x",
        "cursor=%00",
        "cursor=AAAAAAAAAAAAAAAAAAAAAB",
        "offset=1",
        "Limit=1",
        "q=",
        "q=%20",
        "q=a&q=b",
        "q=%00",
        "cursor=%27%3B%20drop%20table%20api.task%3B--"
      })
  void a_query_that_is_not_understood_is_refused_by_name(String query) {
    var answer = call("GET", "/api/me/tasks?" + query, null);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).get("errors").get(0).get("detail").asString())
        .contains(query.substring(0, query.indexOf('=')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table api.task; --",
        "\\'; select set_config('rowlock.owner', '', false); --",
        "$1 ? :owner ?? {fn now()} /* -- */",
        "x' or owner_id is not null --"
      })
  void sql_in_a_title_is_a_title(String title) {
    var task = create(title);
    assertThat(task.get("title").asString()).isEqualTo(title);
    assertThat(json(call("GET", path(task), null)).get("title").asString()).isEqualTo(title);
    assertThat(titles("")).containsExactly(title);
  }
}
