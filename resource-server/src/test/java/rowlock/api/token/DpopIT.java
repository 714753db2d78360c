/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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
import rowlock.api.test.Prover;
import rowlock.api.test.TestIssuer;

/** Tokens that are bound to a key, over HTTP (RFC 9449 §7). */
@ExtendWith(OutputCaptureExtension.class)
class DpopIT extends ApiServer {
  private static final String METADATA =
      " resource_metadata=\"" + PUBLIC_URL + "/.well-known/oauth-protected-resource\"";
  private static final String BEARER = "Bearer" + METADATA;
  private static final String DPOP = "DPoP" + METADATA + ", algs=\"ES256 PS256\"";
  private static final String BAD_TOKEN =
      ", error=\"invalid_token\", error_description=\"The access token is not valid\"";
  private static final String BAD_PROOF =
      ", error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is not valid\"";

  private static final String PATH = "/probe/me";
  private static final String TARGET = PUBLIC_URL + PATH;

  @Autowired private MeterRegistry metrics;

  private final Prover client = Prover.es256();
  private final String token = ISSUER.token(KEY, client::bind);

  private HttpRequest.Builder presenting(String authorization, String... proofs) {
    var request = request(PATH).header("Authorization", authorization);
    for (var proof : proofs) {
      request.header("DPoP", proof);
    }
    return request;
  }

  private String proof() {
    return client.proof("GET", TARGET, token);
  }

  private static List<String> challenges(HttpResponse<String> answer) {
    return answer.headers().allValues("WWW-Authenticate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DPoP", "dpop", "DPOP"})
  void row22_boundTokenWithProof_isAccepted(String scheme) {
    assertThat(send(presenting(scheme + " " + token, proof())).statusCode()).isEqualTo(200);
  }

  /** A proof with one defect. */
  static Stream<Arguments> badProofs() {
    return Stream.of(
        bad(Refusal.PROOF_MALFORMED, header -> header.put("typ", "JWT"), claims -> {}),
        bad(Refusal.PROOF_MALFORMED, header -> header.put("alg", "none"), claims -> {}),
        bad(Refusal.PROOF_MALFORMED, header -> header.remove("jwk"), claims -> {}),
        bad(Refusal.PROOF_MALFORMED, header -> {}, claims -> claims.remove("jti")),
        bad(Refusal.PROOF_OF_ANOTHER_REQUEST, header -> {}, claims -> claims.put("htm", "POST")),
        bad(
            Refusal.PROOF_OF_ANOTHER_REQUEST,
            header -> {},
            claims -> claims.put("htu", PUBLIC_URL + "/api/me/items")),
        bad(
            Refusal.PROOF_OF_ANOTHER_TOKEN,
            header -> {},
            claims -> claims.put("ath", Prover.hash("another"))),
        bad(
            Refusal.PROOF_NOT_CURRENT,
            header -> {},
            claims -> claims.put("iat", Instant.now().getEpochSecond() - 40)),
        bad(
            Refusal.PROOF_NOT_CURRENT,
            header -> {},
            claims -> claims.put("iat", Instant.now().getEpochSecond() + 40)),
        bad(
            Refusal.PROOF_OF_ANOTHER_KEY,
            header -> header.put("jwk", Prover.es256().key().toPublicJWK().toJSONObject()),
            claims -> {}));
  }

  private static Arguments bad(
      Refusal reason, Consumer<Map<String, Object>> header, Consumer<Map<String, Object>> claims) {
    return Arguments.of(reason, header, claims);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badProofs")
  void row22_badProof_hasOneFixedResponse_reasonIsLogged(
      Refusal reason,
      Consumer<Map<String, Object>> header,
      Consumer<Map<String, Object>> claims,
      CapturedOutput output) {
    var proof = client.proof("GET", TARGET, token, header, claims);
    var before = count(reason);
    var answer = send(presenting("DPoP " + token, proof));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(challenges(answer)).containsExactly(BEARER, DPOP + BAD_PROOF);
    assertThat(answer.body()).contains("/problems/invalid-dpop-proof");
    assertThat(count(reason)).isEqualTo(before + 1);
    assertThat(output.getOut())
        .contains("\"reason\":\"" + reason.code() + "\"")
        .contains("\"client_id\":\"task-cli\"")
        .doesNotContain(proof)
        .doesNotContain(token);
  }

  @Test
  void row22_whenTheSignatureOfTheProofIsAnothers_thenRefused(CapturedOutput output) {
    var one = proof();
    var two = proof();
    var mixed = one.substring(0, one.lastIndexOf('.')) + two.substring(two.lastIndexOf('.'));
    assertThat(challenges(send(presenting("DPoP " + token, mixed))))
        .containsExactly(BEARER, DPOP + BAD_PROOF);
    assertThat(output.getOut()).contains("\"reason\":\"proof_bad_signature\"");
  }

  @Test
  void row22_whenThereIsNotExactlyOneProof_thenRefused(CapturedOutput output) {
    assertThat(challenges(send(presenting("DPoP " + token))))
        .containsExactly(BEARER, DPOP + BAD_PROOF);
    assertThat(output.getOut()).contains("\"reason\":\"proof_missing\"");
    assertThat(send(presenting("DPoP " + token, proof(), proof())).statusCode()).isEqualTo(401);
    assertThat(send(presenting("DPoP " + token, proof() + ", " + proof())).statusCode())
        .isEqualTo(401);
  }

  @Test
  void row23_boundTokenAsBearer_isRefused(CapturedOutput output) {
    for (var request :
        List.of(presenting("Bearer " + token), presenting("Bearer " + token, proof()))) {
      var answer = send(request);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(challenges(answer)).containsExactly(BEARER + BAD_TOKEN, DPOP + BAD_TOKEN);
      assertThat(answer.body()).contains("/problems/invalid-token");
    }
    assertThat(output.getOut()).contains("\"reason\":\"bound_token\"");
  }

  @Test
  void row23_unboundTokenAsDpop_isRefused(CapturedOutput output) {
    var unbound = token();
    for (var request :
        List.of(
            presenting("DPoP " + unbound),
            presenting("DPoP " + unbound, client.proof("GET", TARGET, unbound)))) {
      var answer = send(request);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(challenges(answer)).containsExactly(BEARER + BAD_TOKEN, DPOP + BAD_TOKEN);
    }
    assertThat(output.getOut()).contains("\"reason\":\"unbound_token\"");
  }

  @Test
  void row22_proofWithBearerToken_isIgnored() {
    assertThat(send(presenting("Bearer " + token(), "no proof", "at all")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void row22_theTokenIsCheckedBeforeTheProof(CapturedOutput output) {
    var forged = TestIssuer.newKey("key-1").getKeyID() + ".x.y";
    var foreign = ISSUER.token(TestIssuer.newKey("key-1"), UUID.randomUUID());
    for (var bad : List.of(forged, foreign)) {
      var answer = send(presenting("DPoP " + bad, "no proof"));
      assertThat(challenges(answer)).containsExactly(BEARER + BAD_TOKEN, DPOP + BAD_TOKEN);
    }
    assertThat(output.getOut())
        .contains("\"reason\":\"malformed_token\"")
        .contains("\"reason\":\"bad_signature\"")
        .doesNotContain("proof_");
  }

  @Test
  void row21_whenTwoSchemesAreUsedAtOnce_thenBadRequest() {
    var answer =
        send(presenting("DPoP " + token, proof()).header("Authorization", "Bearer " + token()));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(challenges(answer))
        .containsExactly(
            BEARER + ", error=\"invalid_request\"", DPOP + ", error=\"invalid_request\"");
    assertThat(send(presenting("DPoP")).statusCode()).isEqualTo(400);
  }

  /** The request to send, with the target of the proof in place of a placeholder. */
  private String raw(String head, String target) {
    var proof = client.proof("GET", target, token);
    return raw(
        head
            + "Authorization: DPoP "
            + token
            + "\r\nDPoP: "
            + proof
            + "\r\nConnection: close\r\n\r\n");
  }

  @Test
  void row22_requestHeaders_doNotChangeTheTarget() {
    List<UnaryOperator<String>> heads =
        List.of(
            host -> "GET /probe/me HTTP/1.1\r\nHost: " + host + "\r\n",
            host -> "GET http://" + host + "/probe/me HTTP/1.1\r\nHost: " + host + "\r\n",
            host ->
                "GET /probe/me?x=1 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: "
                    + host
                    + "\r\nX-Forwarded-Proto: http\r\nForwarded: host="
                    + host
                    + ";proto=http\r\n");
    for (var head : heads) {
      var sent = head.apply("evil.example");
      assertThat(raw(sent, TARGET)).as(sent).startsWith("HTTP/1.1 200");
      assertThat(raw(sent, "http://evil.example/probe/me")).as(sent).startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void row26_theMetadataNameTheAlgorithmsOfTheChallenge() {
    assertThat(send(request("/.well-known/oauth-protected-resource")).body())
        .contains("\"dpop_signing_alg_values_supported\":[\"ES256\",\"PS256\"]")
        .doesNotContain("dpop_bound_access_tokens_required");
    assertThat(challenges(send(request(PATH)))).containsExactly(BEARER, DPOP);
    assertThat(DPOP).contains(String.join(" ", DpopProof.ALGORITHMS));
  }

  private double count(Refusal reason) {
    return metrics.counter("rowlock.authentication.refused", "reason", reason.code()).count();
  }
}
