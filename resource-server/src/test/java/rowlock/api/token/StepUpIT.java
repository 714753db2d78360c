/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.ApiServer;
import rowlock.api.audit.Refusal;
import tools.jackson.databind.json.JsonMapper;

/** A step-up operation accepts a sufficient token, and challenges others (RFC 9470). */
@ExtendWith(OutputCaptureExtension.class)
@Import(StepUpIT.Described.class)
@TestPropertySource(properties = "rowlock.test.described=true")
class StepUpIT extends ApiServer {
  private static final String CHALLENGE =
      "Bearer resource_metadata=\""
          + PUBLIC_URL
          + "/.well-known/oauth-protected-resource\", error=\"insufficient_user_authentication\","
          + " error_description=\"A more recent or stronger authentication is needed\"";

  @Autowired private MeterRegistry metrics;

  /** A route that the OpenAPI description includes, unlike those of other tests. */
  @TestComponent
  @RestController
  @ConditionalOnProperty("rowlock.test.described")
  static class Described {
    @GetMapping("/described")
    @StepUp(
        acr = {"2", "gold"},
        maxAge = 60)
    boolean described() {
      return true;
    }
  }

  @Test
  void recentLogin_isAccepted() {
    var answer = get("/probe/me/recent", Map.of("auth_time", now() - 200));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void oldLogin_isChallengedWithMaxAge(CapturedOutput output) {
    var before = count();
    var answer = get("/probe/me/recent", Map.of("auth_time", now() - 400));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenge(answer)).isEqualTo(CHALLENGE + ", max_age=\"300\"");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body())
        .contains("\"type\":\"" + PUBLIC_URL + "/problems/insufficient-user-authentication\"")
        .contains("\"rfc\":\"https://www.rfc-editor.org/rfc/rfc9470.html#section-3\"");
    assertThat(count()).isEqualTo(before + 1);
    assertThat(output)
        .contains(
            "\"reason\":\"insufficient_user_authentication\"",
            "\"kid\":\"key-1\",\"client_id\":\"task-cli\"");
  }

  @Test
  void weakLogin_isChallengedWithAcrValues() {
    var answer = get("/probe/me/strong", Map.of("acr", "1", "auth_time", now()));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenge(answer)).isEqualTo(CHALLENGE + ", acr_values=\"2 gold\"");
    assertThat(get("/probe/me/strong", Map.of("acr", "gold")).statusCode()).isEqualTo(200);
  }

  @Test
  void recentAndStrong_bothAreRequired() {
    assertThat(get("/probe/me/both", Map.of("acr", "1", "auth_time", now())).statusCode())
        .isEqualTo(200);
    for (var claims :
        List.<Map<String, Object>>of(
            Map.of("acr", "1"),
            Map.of("auth_time", now()),
            Map.of("acr", "0", "auth_time", now()),
            Map.of("acr", "1", "auth_time", now() - 400))) {
      var answer = get("/probe/me/both", claims);
      assertThat(answer.statusCode()).as(claims.toString()).isEqualTo(401);
      assertThat(challenge(answer)).endsWith(", acr_values=\"1\", max_age=\"300\"");
    }
  }

  static Stream<Map<String, Object>> badClaims() {
    Map<String, Object> isNull = new HashMap<>();
    isNull.put("auth_time", null);
    isNull.put("acr", null);
    return Stream.of(
        Map.of(),
        isNull,
        Map.of("auth_time", Long.toString(now()), "acr", 2),
        Map.of("auth_time", now() + 0.5, "acr", List.of("2")),
        Map.of("auth_time", now() + 90, "acr", true),
        Map.of("auth_time", 1e300, "acr", Map.of("2", "2")),
        Map.of("auth_time", Long.MAX_VALUE, "acr", "2 gold"),
        Map.of("auth_time", -1, "acr", ""));
  }

  @ParameterizedTest
  @MethodSource("badClaims")
  void missingIllTypedOrFutureClaims_areChallenged(Map<String, Object> claims) {
    for (var path : List.of("/probe/me/recent", "/probe/me/strong", "/probe/me/both")) {
      var answer = get(path, claims);
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(challenge(answer)).startsWith(CHALLENGE);
    }
    assertThat(get("/probe/me", claims).statusCode()).as("asks for nothing").isEqualTo(200);
  }

  @Test
  void head_isChallenged() {
    assertThat(
            send(request("/probe/me/recent", token()).method("HEAD", BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void foreignPath_isNotFoundWithoutChallenge() {
    assertThat(send(request("/probe/" + UUID.randomUUID() + "/both", token())).statusCode())
        .isEqualTo(404);
  }

  @Test
  void withoutToken_challengeHasNoError() {
    assertThat(challenge(send(request("/probe/me/recent")))).doesNotContain("error");
  }

  @Test
  void description_namesTheRequirement() {
    var api = JsonMapper.builder().build().readTree(send(request("/v3/api-docs")).body());
    assertThat(api.at("/paths/~1described/get/responses/401/description").asString())
        .contains("RFC 9470", "acr_values=\"2 gold\", max_age=\"60\"");
    assertThat(api.at("/paths/~1api~1{owner}~1items/get/responses/401/description").asString())
        .doesNotContain("9470");
  }

  private HttpResponse<String> get(String path, Map<String, Object> claims) {
    return send(request(path, ISSUER.token(KEY, all -> all.putAll(claims))));
  }

  private static String challenge(HttpResponse<String> answer) {
    return answer.headers().firstValue("WWW-Authenticate").orElse("");
  }

  private double count() {
    return metrics
        .counter(
            "rowlock.authentication.refused",
            "reason",
            Refusal.INSUFFICIENT_USER_AUTHENTICATION.code())
        .count();
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }
}
