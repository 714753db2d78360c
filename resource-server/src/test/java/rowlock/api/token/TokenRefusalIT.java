/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.ApiServer;
import rowlock.api.audit.Refusal;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every refusal over the whole chain: the response, the security log, the metric. */
@ExtendWith(OutputCaptureExtension.class)
class TokenRefusalIT extends ApiServer {
  private static final String CHALLENGE =
      "Bearer resource_metadata=\"" + PUBLIC_URL + "/.well-known/oauth-protected-resource\"";

  @Autowired private MeterRegistry metrics;

  static Stream<Arguments> badTokens() {
    var stranger = TestIssuer.newKey("key-1");
    var unknown = TestIssuer.newKey("unknown");
    var now = Instant.now().getEpochSecond();
    var good = ISSUER.token(KEY, UUID.randomUUID());
    return Stream.of(
        refused(Refusal.MALFORMED_TOKEN, "not-a-token"),
        refused(Refusal.MALFORMED_TOKEN, good + "="),
        refused(Refusal.MALFORMED_TOKEN, good + ", Bearer " + good),
        refused(Refusal.TOKEN_TOO_LONG, good + "A".repeat(8192)),
        refused(Refusal.MALFORMED_JSON, TestIssuer.signRaw(KEY, "{}{}", "{}")),
        refused(Refusal.WRONG_TYPE, header("typ", "JWT")),
        refused(Refusal.WRONG_ALGORITHM, header("alg", "none")),
        refused(Refusal.WRONG_ALGORITHM, header("alg", "HS256")),
        refused(Refusal.WRONG_ALGORITHM, header("alg", "RS256")),
        refused(Refusal.CRITICAL_HEADER, header("crit", List.of("exp"))),
        refused(Refusal.EMBEDDED_KEY, header("jwk", KEY.toPublicJWK().toJSONObject())),
        refused(Refusal.EMBEDDED_KEY, header("jku", "https://evil.example/jwks")),
        refused(Refusal.BAD_KEY_ID, header("kid", 7)),
        refused(Refusal.UNKNOWN_KEY, ISSUER.token(unknown, UUID.randomUUID())),
        refused(Refusal.BAD_SIGNATURE, ISSUER.token(stranger, UUID.randomUUID())),
        refused(
            Refusal.WRONG_ISSUER, claims(c -> c.put("iss", "http://localhost/realms/x")), "iss"),
        refused(Refusal.WRONG_AUDIENCE, claims(c -> c.put("aud", "task-web")), "aud"),
        refused(Refusal.WRONG_TOKEN_KIND, claims(c -> c.put("typ", "ID")), "typ"),
        refused(
            Refusal.EXPIRED,
            claims(
                c -> {
                  c.put("iat", now - 310);
                  c.put("exp", now - 10);
                })),
        refused(
            Refusal.NOT_YET_VALID,
            claims(
                c -> {
                  c.put("iat", now + 90);
                  c.put("exp", now + 150);
                })),
        refused(Refusal.LIFETIME_TOO_LONG, claims(c -> c.put("exp", now + 86_400)), "exp"),
        refused(Refusal.BAD_CLAIM, claims(c -> c.remove("exp")), "exp"),
        refused(Refusal.BAD_CLAIM, claims(c -> c.remove("sid")), "sid"),
        refused(Refusal.BAD_SUBJECT, claims(c -> c.put("sub", 42)), "sub"),
        refused(Refusal.BAD_SUBJECT, claims(c -> c.put("sub", "f:ldap:ada")), "sub"),
        refused(
            Refusal.BOUND_TOKEN,
            claims(
                c -> c.put("cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")))));
  }

  private static Arguments refused(Refusal reason, String token) {
    return refused(reason, token, "");
  }

  private static Arguments refused(Refusal reason, String token, String claim) {
    return Arguments.of(reason, token, claim);
  }

  private static String header(String name, Object value) {
    var header = TestIssuer.header(KEY);
    header.put(name, value);
    return TestIssuer.sign(KEY, header, ISSUER.claims(UUID.randomUUID()));
  }

  private static String claims(Consumer<Map<String, Object>> change) {
    return ISSUER.token(KEY, change);
  }

  @FieldReport("https://github.com/louketo/louketo-proxy/issues/652")
  @Test
  void tokenOfAUserInManyGroups_isAccepted() {
    var groups =
        IntStream.range(0, 80)
            .mapToObj(number -> "/departments/engineering/platform/team-" + number)
            .toList();
    var token = claims(all -> all.put("groups", groups));

    assertThat(token.length()).isBetween(4097, 8192);
    assertThat(send(request("/probe/me", token)).statusCode()).isEqualTo(200);
  }

  @Test
  void validToken_isAccepted() {
    var subject = UUID.randomUUID();
    var answer = send(request("/probe/me", ISSUER.token(KEY, subject)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(subject.toString());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void row24_badToken_hasOneFixedResponse_reasonIsLogged(
      Refusal reason, String token, String claim, CapturedOutput output) {
    var before = count(reason);
    var answer = send(request("/probe/me", token));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(header(answer, "WWW-Authenticate"))
        .isEqualTo(
            CHALLENGE
                + ", error=\"invalid_token\", error_description=\"The access token is not valid\""
                + (claim.isEmpty() ? "" : ", claim=\"" + claim + "\""));
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"type\":\"https://api.example.org/problems/invalid-token\","
                + "\"title\":\"Invalid access token\",\"status\":401,"
                + "\"detail\":\"The access token is malformed, expired, revoked or not meant for this"
                + " API.\",\"rfc\":\"https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1\"}");
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();

    assertThat(count(reason)).isEqualTo(before + 1);
    var line = auditLine(output);
    List<String> keys =
        new ArrayList<>(List.of("time", "event", "reason", "client", "kid", "client_id"));
    if (!claim.isEmpty()) {
      keys.add("claim");
      assertThat(line.get("claim").asString()).isEqualTo(claim);
    }
    assertThat(line.propertyNames()).containsExactlyElementsOf(keys);
    assertThat(line.get("reason").asString()).isEqualTo(reason.code());
    assertThat(line.get("client").asString()).isNotEmpty();
    assertThat(output.toString()).doesNotContain(token).doesNotContain("someone@example.org");
    Arrays.stream(token.split("\\."))
        .filter(part -> part.length() > 12)
        .forEach(part -> assertThat(output.toString()).doesNotContain(part));
  }

  @Test
  void withoutCredentials_thenABareChallenge(CapturedOutput output) {
    var answer = send(request("/api/me/items"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(header(answer, "WWW-Authenticate")).isEqualTo(CHALLENGE);
    assertThat(answer.body()).contains("/problems/authentication-required");
    assertThat(auditLine(output).get("reason").asString()).isEqualTo("no_credentials");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic dXNlcjpwYXNz", "DPoPabc", "Bearerabc", "abc", "Digest x"})
  void otherScheme_isNoCredential(String header) {
    var answer = send(request("/probe/me").header("Authorization", header));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(header(answer, "WWW-Authenticate")).isEqualTo(CHALLENGE);
  }

  @Test
  void row21_twoAuthorizationHeaders_badRequest(CapturedOutput output) {
    var request = request("/probe/me", token()).header("Authorization", "Bearer " + token());
    var answer = send(request);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(header(answer, "WWW-Authenticate"))
        .isEqualTo(CHALLENGE + ", error=\"invalid_request\"");
    assertThat(answer.body()).contains("/problems/invalid-authorization");
    assertThat(auditLine(output).get("reason").asString()).isEqualTo("bad_authorization_header");
  }

  @Test
  void row21_theSchemeHasNoCase() {
    assertThat(send(request("/probe/me").header("Authorization", "bEARER " + token())).statusCode())
        .isEqualTo(200);
  }

  @Test
  void row21_tokenInQueryOrForm_isIgnored() {
    var token = token();
    assertThat(send(request("/probe/me?access_token=" + token)).statusCode()).isEqualTo(401);
    var form =
        request("/probe/me/items")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("access_token=" + token));
    var answer = send(form);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(header(answer, "WWW-Authenticate")).isEqualTo(CHALLENGE);
  }

  @Test
  void row25_noSessionIsCreated() {
    for (var path : new String[] {"/probe/me", "/problems/not-found", "/v3/api-docs", "/x"}) {
      assertThat(send(request(path)).headers().firstValue("Set-Cookie")).as(path).isEmpty();
      assertThat(send(request(path, token())).headers().firstValue("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void row26_theMetadataAreFixedWhateverHostIsAskedFor() throws Exception {
    var answer =
        raw(
            "GET /.well-known/oauth-protected-resource HTTP/1.1\r\nHost: evil.example\r\n"
                + "X-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("\"resource\":\"" + PUBLIC_URL + "\"")
        .contains(ISSUER.url())
        .doesNotContain("evil.example")
        .doesNotContain("tls_client_certificate_bound_access_tokens");
    var below =
        raw(
            "GET /.well-known/oauth-protected-resource/x HTTP/1.1\r\nHost: evil.example\r\n"
                + "Connection: close\r\n\r\n");
    assertThat(below).startsWith("HTTP/1.1 404").doesNotContain("evil.example");
  }

  @FieldReport("https://github.com/auth0/jwks-rsa-java/issues/173")
  @Test
  void row16_floodOfForgedKeys_causesOneFetch() {
    var forger = TestIssuer.newKey("key-1");
    var before = ISSUER.keyFetches();
    for (var i = 0; i < 300; i++) {
      var forged = new RSAKey.Builder(forger).keyID("forged-" + i).build();
      assertThat(send(request("/probe/me", ISSUER.token(forged, UUID.randomUUID()))).statusCode())
          .isEqualTo(401);
    }
    // One extra fetch, and the regular one may fall into these seconds.
    assertThat(ISSUER.keyFetches() - before).isLessThanOrEqualTo(2);
    assertThat(send(request("/probe/me", token())).statusCode()).isEqualTo(200);
  }

  private double count(Refusal reason) {
    return metrics.counter("rowlock.authentication.refused", "reason", reason.code()).count();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static JsonNode auditLine(CapturedOutput output) {
    var lines = output.getOut().lines().filter(line -> line.startsWith("{\"time\"")).toList();
    assertThat(lines).hasSize(1);
    return JsonMapper.builder().build().readTree(lines.getFirst());
  }
}
