/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.api.audit.Refusal;
import rowlock.field.FieldReport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every entry of attacks.json over HTTP against the running API: the response, the logged reason,
 * and nothing else. Responses of one kind are identical byte for byte, whatever the cause.
 */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = "rowlock.token.clients=task-cli,task-web")
class AttackTableIT extends ApiServer {
  /** The first response of each problem type, which all others must equal. */
  private static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();

  @Autowired private MeterRegistry metrics;

  static JsonNode table() {
    try (var file = AttackTableIT.class.getResourceAsStream("/attacks.json")) {
      return JsonMapper.builder().build().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> attacks() {
    return table()
        .get("attacks")
        .valueStream()
        .map(
            attack ->
                Arguments.of(
                    Named.of(attack.get("row") + " " + attack.get("name").asString(), attack)));
  }

  @FieldReport("https://github.com/benmcollins/libjwt/issues/200")
  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void row24_row25_attack_isRefusedWithoutTheReason(JsonNode attack, CapturedOutput output) {
    var token = new AttackToken(ISSUER, KEY).make(attack.path("token"));
    var expected = attack.get("expect");
    var before = refusals();
    var answer = raw(request(attack.path("request"), token));

    assertThat(answer).startsWith("HTTP/1.1 " + expected.get("status") + " ");
    assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("set-cookie");
    assertThat(output.toString()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(output.toString()).doesNotContain(signature(token));
    var after = refusals();
    if (expected.has("reason")) {
      var reason = Refusal.valueOf(expected.get("reason").asString().toUpperCase(Locale.ROOT));
      before.merge(reason, 1.0, Double::sum);
    }
    assertThat(after).isEqualTo(before);
    if (expected.has("problem")) {
      var problem = expected.get("problem").asString();
      assertThat(answer)
          .contains("\"" + PUBLIC_URL + "/problems/" + problem + "\"")
          .contains("application/problem+json");
      assertThat(withoutDate(answer))
          .isEqualTo(ANSWERS.computeIfAbsent(problem, first -> withoutDate(answer)));
    }
  }

  private static String request(JsonNode request, String token) {
    Map<String, String> values = Map.of("token", token);
    List<String> credentials =
        request.has("authorization")
            ? request.get("authorization").valueStream().map(JsonNode::asString).toList()
            : List.of("Bearer ${token}");
    var form = AttackToken.fill(request.path("form").asString(""), values);
    var query = AttackToken.fill(request.path("query").asString(""), values);
    var text = new StringBuilder();
    text.append(form.isEmpty() ? "GET " : "POST ").append("/probe/me");
    text.append(query.isEmpty() ? "" : "?" + query).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (var credential : credentials) {
      text.append("Authorization: ").append(AttackToken.fill(credential, values)).append("\r\n");
    }
    for (var header : request.path("headers").properties()) {
      var value = AttackToken.fill(header.getValue().asString(), values);
      text.append(header.getKey()).append(": ").append(value).append("\r\n");
    }
    if (!form.isEmpty()) {
      text.append("Content-Type: application/x-www-form-urlencoded\r\n");
      text.append("Content-Length: ").append(form.length()).append("\r\n");
    }
    return text.append("Connection: close\r\n\r\n").append(form).toString();
  }

  private Map<Refusal, Double> refusals() {
    Map<Refusal, Double> counts = new EnumMap<>(Refusal.class);
    for (var reason : Refusal.values()) {
      counts.put(
          reason,
          metrics.counter("rowlock.authentication.refused", "reason", reason.code()).count());
    }
    return counts;
  }

  /** Also without the claim that the challenge names when the signature is valid. */
  private static String withoutDate(String answer) {
    return answer
        .lines()
        .filter(line -> !line.startsWith("Date:"))
        .map(line -> line.replaceFirst(", claim=\"[a-z_]+\"$", ""))
        .collect(Collectors.joining("\n"));
  }

  /** The payload of the token; a text that no output contains if there is none. */
  private static String signature(String token) {
    var signature = token.substring(token.lastIndexOf('.') + 1);
    return signature.length() > 20 ? signature : "no signature to look for";
  }
}
