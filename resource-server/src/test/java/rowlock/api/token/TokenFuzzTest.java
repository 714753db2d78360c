/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import rowlock.api.audit.Refusal;
import rowlock.api.test.TestIssuer;

/**
 * More than a hundred thousand mutated credentials: each results in a verdict, never in an
 * exception, and none is accepted that the issuer has not signed. The mutations depend on the seed
 * only, keys and times are new; {@code -Drowlock.fuzz.seed} sets the seed, {@code
 * -Drowlock.fuzz.factor} multiplies the number, ten times as many with {@code -Pthorough}. A
 * failure shows seed and text.
 */
class TokenFuzzTest {
  private static final long SEED = Long.getLong("rowlock.fuzz.seed", 20_260_101L);
  private static final int FACTOR = Integer.getInteger("rowlock.fuzz.factor", 1);

  private static final RSAKey KEY = TestIssuer.newKey("key-1");
  private static final RSAKey BINDING = TestIssuer.newKey("binding");
  private static final TestIssuer ISSUER = new TestIssuer().publish(KEY);
  private static final RunningVerifier VERIFIER =
      new RunningVerifier(ISSUER, Set.of("PS256"), Clock.systemUTC());
  private static final String HEADER = JSONObjectUtils.toJSONString(TestIssuer.header(KEY));

  /** The tokens of the attack table, and valid ones. */
  private static final List<String> TOKENS = new ArrayList<>();

  private static final List<String> HEADERS = new ArrayList<>();
  private static final List<String> PAYLOADS = new ArrayList<>();

  @BeforeAll
  static void corpus() {
    var maker = new AttackToken(ISSUER, KEY);
    for (var attack : AttackTableIT.table().get("attacks")) {
      var token = maker.make(attack.path("token"));
      TOKENS.add(token);
      var parts = token.split("\\.");
      if (parts.length == 3) {
        HEADERS.add(new Base64URL(parts[0]).decodeToString());
        PAYLOADS.add(new Base64URL(parts[1]).decodeToString());
      }
    }
    for (var i = 0; i < 100; i++) { // good ones, so that changes of them get far
      HEADERS.add(HEADER);
      PAYLOADS.add(goodPayload(claims -> {}));
      PAYLOADS.add(goodPayload(claims -> claims.put("cnf", Map.of("jkt", "0".repeat(43)))));
    }
  }

  @AfterAll
  static void stop() {
    VERIFIER.close();
    ISSUER.close();
  }

  @Test
  void anyAuthorization_hasAVerdict() {
    List<String> headers = new ArrayList<>(List.of("", "Bearer", "DPoP", "Basic dXNlcjpwYXNz"));
    TOKENS.forEach(token -> headers.add("Bearer " + token));
    TOKENS.forEach(token -> headers.add("DPoP " + token));
    run(50_000, headers, TokenFuzzTest::authorization);
  }

  @Test
  void anyTokenHeader_hasAVerdict() {
    var payload = encode(goodPayload(claims -> {}));
    var signature = TOKENS.getFirst().substring(TOKENS.getFirst().lastIndexOf('.') + 1);
    run(
        25_000,
        HEADERS,
        header -> authorization("Bearer " + encode(header) + "." + payload + "." + signature));
  }

  @Test
  void anySignedClaims_haveAVerdict() {
    var key = ((Verdict.Accepted<IssuerKey>) VERIFIER.signer(TOKENS.getFirst())).value();
    var rules = new AccessTokenRules(AccessTokenRulesTest.SETTINGS);
    run(
        25_000,
        PAYLOADS,
        payload -> {
          var claims = StrictJsonObject.read(payload.getBytes(StandardCharsets.UTF_8));
          if (claims != null
              && AccessToken.read(claims) instanceof Verdict.Accepted<AccessToken> read) {
            var token = VerifiedToken.of("x", key, read.value());
            assertThat(token.jwt().getSubject()).isEqualTo(claims.get("sub").asString());
            rules.refusal(read.value(), Instant.now());
          }
        });
  }

  /**
   * The same for the whole verification; a signature costs a thousand times as much as its check.
   */
  @Test
  void anySignedToken_hasAVerdict() {
    run(
        200,
        PAYLOADS,
        payload -> {
          var token = TestIssuer.signRaw(KEY, HEADER, payload);
          if (VERIFIER.verifier().verify(token) instanceof Verdict.Accepted<VerifiedToken> in) {
            var claims = in.value().claims();
            assertThat(claims.issuer()).isEqualTo(ISSUER.url());
            assertThat(claims.audience()).contains("task-api");
            assertThat(UUID.fromString(claims.subject())).hasToString(claims.subject());
          }
        });
  }

  @Test
  void anyProof_hasAVerdict() {
    var jwk = BINDING.toPublicJWK().toJSONString();
    List<String> headers = new ArrayList<>(HEADERS);
    var good = "{\"typ\":\"dpop+jwt\",\"alg\":\"PS256\",\"jwk\":" + jwk + "}";
    HEADERS.forEach(any -> headers.add(good));
    var claims =
        "{\"jti\":\"a\",\"htm\":\"GET\",\"htu\":\"https://api.example.org/x\",\"iat\":1893456000,"
            + "\"ath\":\"%s\"}".formatted("0".repeat(43));
    var payloads = new Mutator(new SplittableRandom(SEED), List.of(claims));
    run(
        5_000,
        headers,
        header -> {
          var proof = DpopProof.parse(encode(header) + "." + encode(payloads.next()) + ".AAAA");
          if (proof != null) {
            assertThat(proof.possession("0".repeat(43))).isNotEqualTo(DpopProof.Possession.PROVED);
          }
        });
  }

  private static void authorization(String header) {
    var request = new MockHttpServletRequest("GET", "/api/me/items");
    request.addHeader("Authorization", header);
    PresentedToken presented;
    try {
      presented = new AuthorizationHeader().convert(request);
    } catch (RefusedTokenException e) {
      assertThat(e.reason()).isEqualTo(Refusal.BAD_AUTHORIZATION_HEADER);
      return;
    }
    if (presented != null
        && VERIFIER.verifier().verify(presented.token())
            instanceof Verdict.Accepted<VerifiedToken>) {
      assertThat(isSignedByTheIssuer(presented.token())).isTrue();
    }
  }

  /** An independent check: signatures of the platform, and one spelling for each part. */
  private static boolean isSignedByTheIssuer(String token) {
    var parts = token.split("\\.", -1);
    try {
      var signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      signature.initVerify(KEY.toPublicKey());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return parts.length == 3
          && Stream.of(parts)
              .allMatch(
                  part -> Base64URL.encode(new Base64URL(part).decode()).toString().equals(part))
          && signature.verify(new Base64URL(parts[2]).decode());
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(int times, List<String> corpus, Consumer<String> target) {
    var mutator = new Mutator(new SplittableRandom(SEED), corpus);
    for (var i = 0; i < times * FACTOR; i++) {
      var text = mutator.next();
      try {
        target.accept(text);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("Seed " + SEED + ", text " + i + ": " + text, e);
      }
    }
  }

  private static String goodPayload(Consumer<Map<String, Object>> change) {
    var claims = ISSUER.claims(UUID.randomUUID());
    change.accept(claims);
    return JSONObjectUtils.toJSONString(claims);
  }

  private static String encode(String text) {
    return Base64URL.encode(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
