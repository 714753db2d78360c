/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.ApiServer;
import rowlock.field.FieldReport;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every error is answered with a problem of the catalogue and reveals nothing else. */
class HttpInterfaceIT extends ApiServer {
  @Test
  void anUnknownRouteIs404() {
    assertProblem(send(request("/nowhere", token())), HttpProblem.NOT_FOUND);
  }

  @Test
  void anUnknownRouteIs401WithoutAToken() {
    assertProblem(send(request("/nowhere")), ApiProblem.AUTHENTICATION_REQUIRED);
  }

  @Test
  void anotherMethodIs405AndNamesTheAllowedOnes() {
    var answer = send(request("/probe/me/items", token()).PUT(BodyPublishers.noBody()));
    assertProblem(answer, HttpProblem.METHOD_NOT_ALLOWED);
    assertThat(answer.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void anUnacceptableMediaTypeIs406() {
    assertProblem(
        send(request("/probe/me", token()).header("Accept", "application/xml")),
        HttpProblem.NOT_ACCEPTABLE);
  }

  @Test
  void anotherContentTypeIs415() {
    assertProblem(
        send(
            request("/probe/me/items", token())
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))),
        HttpProblem.UNSUPPORTED_MEDIA_TYPE);
  }

  @Test
  void aCompressedBodyIs415() {
    assertProblem(
        send(json("{}").header("Content-Encoding", "gzip")), HttpProblem.UNSUPPORTED_MEDIA_TYPE);
  }

  @FieldReport("https://github.com/aws/chalice/issues/306")
  @FieldReport("https://github.com/smithy-lang/smithy-rs/issues/3471")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON ; Charset=\"UTF-8\"",
        "application/json;charset=utf8",
        "application/json; charset=utf-8; x=y",
        "application/json;x=y;charset=UTF8",
        "application/json; profile=\"a;b,c\""
      })
  void aContentTypeIsReadByItsGrammar(String type) {
    assertThat(send(typed(type)).statusCode()).isEqualTo(200);
  }

  @FieldReport("https://github.com/smithy-lang/smithy-rs/issues/3471")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/json; charset=unheard-of"
      })
  void anotherCharsetIs415AndNamed(String type) {
    var refused = send(typed(type));
    assertProblem(refused, HttpProblem.UNSUPPORTED_MEDIA_TYPE);
    assertThat(parse(refused).at("/errors/0/detail").asString()).contains("charset");
  }

  @Test
  void theIdentityCodingChangesNothingAndOthersAreNamed() {
    assertThat(send(json(name(1)).header("Content-Encoding", "identity")).statusCode())
        .isEqualTo(200);
    var refused = send(json(name(1)).header("Content-Encoding", "identity, br"));
    assertProblem(refused, HttpProblem.UNSUPPORTED_MEDIA_TYPE);
    assertThat(parse(refused).at("/errors/0/detail").asString()).contains("Content-Encoding");
  }

  @Test
  void aParameterOfTheWrongTypeIs400() {
    assertProblem(send(request("/probe/me/number?value=x", token())), HttpProblem.BAD_REQUEST);
    assertProblem(send(request("/probe/me/number", token())), HttpProblem.BAD_REQUEST);
    assertProblem(
        send(request("/probe/me/number?" + "a&".repeat(60) + "value=1", token())),
        HttpProblem.BAD_REQUEST);
  }

  @FieldReport("https://github.com/cloudfoundry/uaa/issues/356")
  @Test
  void aFailureOfOursIs500WithoutAnyDetail() {
    var answer = send(request("/probe/me/broken", token()));
    assertProblem(answer, HttpProblem.INTERNAL_ERROR);
    assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
  }

  @Test
  void aDeclaredBodyOverTheLimitIs413() {
    assertProblem(send(json(name(16 * 1024))), HttpProblem.CONTENT_TOO_LARGE);
  }

  @Test
  void aChunkedBodyOverTheLimitIs413() {
    var body = name(16 * 1024).getBytes();
    var chunked =
        request("/probe/me/items", token())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)));
    assertProblem(send(chunked), HttpProblem.CONTENT_TOO_LARGE);
  }

  @Test
  void aChunkedBodyUnderTheLimitIsRead() {
    var body = name(1_000).getBytes();
    var chunked =
        request("/probe/me/items", token())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)));
    assertThat(send(chunked).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyOfExactlyTheLimitIsRead() {
    var body = name(16 * 1024 - name(0).length());
    assertThat(body).hasSize(16 * 1024);
    assertThat(send(json(body)).statusCode()).isEqualTo(200);
  }

  @Test
  void aLongTargetIs414() {
    assertProblem(
        send(request("/probe/me?q=" + "x".repeat(2100), token())), HttpProblem.URI_TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"name\":\"a\"",
        "{\"name\":\"a\"} x",
        "{\"name\":\"a\"}{}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{'name':'a'}",
        "{\"name\":\"a\",}",
        "{\"name\":\"\u0001\"}",
        "{\"count\":01}",
        "nul"
      })
  void textThatIsNoStrictJsonIs400(String body) {
    assertProblem(send(json(body)), ApiProblem.MALFORMED_JSON);
  }

  @Test
  void jsonThatIsTooDeepIs400() {
    var deep = "{\"items\":[".repeat(20) + "]}".repeat(20);
    assertProblem(send(json(deep)), ApiProblem.MALFORMED_JSON);
  }

  static Stream<Arguments> wrongMembers() {
    return Stream.of(
        Arguments.of("{\"owner\":\"x\"}", "/owner"),
        Arguments.of("{\"a/b~c\":1}", "/a~1b~0c"),
        Arguments.of("{\"name\":1}", "/name"),
        Arguments.of("{\"name\":true}", "/name"),
        Arguments.of("{\"name\":[]}", "/name"),
        Arguments.of("{\"name\":{}}", "/name"),
        Arguments.of("{\"name\":\"a\\u0000b\"}", "/name"),
        Arguments.of("{\"name\":\"\\ud800\"}", "/name"),
        Arguments.of("{\"flag\":\"true\"}", "/flag"),
        Arguments.of("{\"flag\":1}", "/flag"),
        Arguments.of("{\"flag\":\"\"}", "/flag"),
        Arguments.of("{\"count\":\"1\"}", "/count"),
        Arguments.of("{\"count\":1.5}", "/count"),
        Arguments.of("{\"count\":99999999999}", "/count"),
        Arguments.of("{\"items\":[{\"name\":\"a\"},{\"name\":2}]}", "/items/1/name"),
        Arguments.of("{\"items\":{}}", "/items"),
        Arguments.of("[]", ""),
        Arguments.of("\"text\"", ""),
        Arguments.of("1", ""));
  }

  @ParameterizedTest
  @MethodSource("wrongMembers")
  void jsonOfTheWrongShapeIs422AndPointsToTheMember(String body, String pointer) {
    var answer = send(json(body));
    assertProblem(answer, ApiProblem.INVALID_CONTENT);
    var errors = parse(answer).get("errors");
    assertThat(errors).hasSize(1);
    assertThat(errors.get(0).get("pointer").asString()).isEqualTo(pointer);
    assertThat(errors.get(0).get("detail").asString())
        .isNotEmpty()
        .doesNotContain("deserialize")
        .doesNotContain("java.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
  void jsonInAnythingButUtf8IsRefused(String charset) {
    var body = "{\"name\":\"a\"}".getBytes(Charset.forName(charset));
    for (var type :
        List.of(
            "application/json",
            "application/json;charset=utf-8",
            "application/json;charset=" + charset)) {
      var answer =
          send(
              request("/probe/me/items", token())
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofByteArray(body)));
      assertProblem(
          answer,
          type.endsWith(charset) ? HttpProblem.UNSUPPORTED_MEDIA_TYPE : ApiProblem.MALFORMED_JSON);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso-8859-1", "us-ascii", "no-such-charset"})
  void aCharsetOfJsonIsUtf8(String charset) {
    assertProblem(
        send(
            request("/probe/me/items", token())
                .header("Content-Type", "application/json; charset=" + charset)
                .POST(BodyPublishers.ofString("{\"name\":\"a\"}"))),
        HttpProblem.UNSUPPORTED_MEDIA_TYPE);
  }

  @Test
  void textOfAllPlanesIsKept() {
    var answer = send(json("{\"name\":\"Grüße 🔐\"}"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Grüße 🔐");
  }

  @Test
  void everyResponse_hasCacheAndTypeHeaders() {
    for (var answer :
        List.of(
            send(request("/probe/me", token())),
            send(request("/probe/me")),
            send(request("/x", token())))) {
      assertThat(answer.headers().firstValue("Cache-Control")).contains("private, no-store");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Vary")).contains("Authorization");
      assertThat(answer.headers().firstValue("Server")).isEmpty();
      assertThat(answer.headers().firstValue("X-Powered-By")).isEmpty();
    }
  }

  @Test
  void aRequestRunsOnAVirtualThread() {
    assertThat(send(request("/probe/me/thread", token())).body()).isEqualTo("true");
  }

  @Test
  void noOtherOriginIsEverAllowed() {
    var preflight =
        send(
            request("/probe/me")
                .header("Origin", "https://app.example.org")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(401);
    assertThat(preflight.headers().map().keySet())
        .noneMatch(name -> name.toLowerCase().startsWith("access-control-"));
  }

  @Test
  void headIsGetWithoutABody_andOptionsNamesTheMethods() {
    var head = send(request("/probe/me", token()).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    var options =
        send(request("/probe/me/items", token()).method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(200);
    assertThat(options.headers().firstValue("Allow")).contains("POST,OPTIONS");
  }

  static List<Problem> problems() {
    return ApiProblem.catalogue().problems();
  }

  @ParameterizedTest
  @MethodSource("problems")
  void everyProblemHasAPage(Problem type) {
    var page = send(request("/problems/" + type.code()));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=UTF-8");
    assertThat(page.body()).contains(type.title()).contains(type.rfc());
  }

  @Test
  void anUnknownProblemHasNone() {
    assertProblem(send(request("/problems/none")), HttpProblem.NOT_FOUND);
    assertThat(send(request("/problems")).body()).contains("/problems/not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator", "/actuator/health", "/actuator/prometheus", "/actuator/env"})
  void metricsAreNotOnThePublicPort(String path) {
    assertProblem(send(request(path)), ApiProblem.AUTHENTICATION_REQUIRED);
    assertProblem(send(request(path, token())), HttpProblem.NOT_FOUND);
  }

  @Test
  void onlyHealthAndMetricsAreOnTheManagementPort() {
    assertThat(send(HttpRequest.newBuilder(managementUrl("/actuator/health/readiness"))).body())
        .contains("\"issuerKeys\"", "\"status\":\"UP\"");
    assertThat(send(HttpRequest.newBuilder(managementUrl("/actuator/health/liveness"))).body())
        .contains("UP");
    assertThat(send(HttpRequest.newBuilder(managementUrl("/actuator/prometheus"))).body())
        .contains("rowlock_authentication_refused_total{", "reason=\"expired\"");
    assertThat(send(HttpRequest.newBuilder(managementUrl("/actuator/env"))).statusCode())
        .isIn(401, 404);
    // the bill of materials is part of the artifact, not of the API
    assertThat(
            send(HttpRequest.newBuilder(managementUrl("/actuator/sbom/application"))).statusCode())
        .isIn(401, 404);
    assertThat(send(HttpRequest.newBuilder(managementUrl("/api/me/items"))).statusCode())
        .isIn(401, 404);
  }

  @Test
  void jsonResponse_isSentAsAWhole() {
    var answer = send(request("/probe/me", token()));

    assertThat(answer.headers().firstValue("Transfer-Encoding")).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length"))
        .hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void requests_areCountedOnceByRouteAndOutcome() {
    var series =
        List.of(
            counted("GET", "SUCCESS", "200", "/probe/{owner}"),
            counted("GET", "CLIENT_ERROR", "401", "UNKNOWN"),
            counted("GET", "CLIENT_ERROR", "404", "NOT_FOUND"),
            counted("GET", "SERVER_ERROR", "500", "/probe/me/broken"));
    var before = metrics();

    send(request("/probe/me", token()));
    send(request("/probe/me"));
    send(request("/nowhere", token()));
    send(request("/probe/me/broken", token()));
    send(request("/probe/me", token()).method("BREW", BodyPublishers.noBody()));

    var after = metrics();
    for (var one : series) {
      assertThat(value(after, one)).as(one).isEqualTo(value(before, one) + 1);
    }
    assertThat(after).contains("method=\"UNKNOWN\"").doesNotContain("BREW");
  }

  private String metrics() {
    return send(HttpRequest.newBuilder(managementUrl("/actuator/prometheus"))).body();
  }

  private static double value(String metrics, String series) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
        .sum();
  }

  private static String counted(String method, String outcome, String status, String uri) {
    return "http_server_requests_seconds_count{error=\"none\",exception=\"none\",method=\"%s\",outcome=\"%s\",status=\"%s\",uri=\"%s\"}"
        .formatted(method, outcome, status, uri);
  }

  private HttpRequest.Builder json(String body) {
    return request("/probe/me/items", token())
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder typed(String contentType) {
    return request("/probe/me/items", token())
        .header("Content-Type", contentType)
        .POST(BodyPublishers.ofString(name(1)));
  }

  private static String name(int length) {
    return "{\"name\":\"" + "n".repeat(length) + "\"}";
  }

  private static JsonNode parse(HttpResponse<String> answer) {
    return JsonMapper.builder().build().readTree(answer.body());
  }

  private static void assertProblem(HttpResponse<String> answer, Problem type) {
    assertThat(answer.statusCode()).isEqualTo(type.status());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    var body = parse(answer);
    assertThat(body.get("type").asString()).isEqualTo(PUBLIC_URL + "/problems/" + type.code());
    assertThat(body.get("title").asString()).isEqualTo(type.title());
    assertThat(body.get("status").asInt()).isEqualTo(type.status());
    assertThat(body.get("detail").asString()).isEqualTo(ApiProblem.catalogue().detail(type));
    assertThat(body.get("rfc").asString()).isEqualTo(type.rfc());
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }
}
