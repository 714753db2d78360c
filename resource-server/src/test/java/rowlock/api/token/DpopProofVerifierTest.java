/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.api.audit.Refusal;
import rowlock.api.test.Prover;
import rowlock.api.token.PresentedToken.RequestFacts;

/** The checks of RFC 9449 §4.3, each by a proof that breaks one of them only. */
class DpopProofVerifierTest {
  private static final String TARGET = "https://api.example.org/api/me/items";
  private static final String TOKEN = "header.payload.signature";
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Prover CLIENT = Prover.es256();
  private static final Prover STRANGER = Prover.es256();

  private final DpopProofVerifier verifier =
      new DpopProofVerifier(URI.create("https://api.example.org"), new AdjustableClock(NOW));

  private static VerifiedToken token(String text) {
    return VerifiedToken.of(
        text,
        new IssuerKey("key-1", JWSAlgorithm.PS256, "thumbprint", null),
        new AccessToken(
            "https://login.example.org",
            Set.of("task-api"),
            "0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f",
            "task-cli",
            NOW,
            NOW.plusSeconds(300),
            null,
            "DPoP",
            CLIENT.thumbprint(),
            Map.of("sub", "0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f")));
  }

  private static String proof(
      Prover prover, Consumer<Map<String, Object>> header, Consumer<Map<String, Object>> claims) {
    return prover.proof(
        "GET",
        TARGET,
        TOKEN,
        header,
        all -> {
          all.put("iat", NOW.getEpochSecond());
          claims.accept(all);
        });
  }

  private static String header(Consumer<Map<String, Object>> change) {
    return proof(CLIENT, change, claims -> {});
  }

  private static String claims(Consumer<Map<String, Object>> change) {
    return proof(CLIENT, header -> {}, change);
  }

  private static String of(Prover prover) {
    return proof(prover, header -> {}, claims -> {});
  }

  private Verdict<UsedProof> verify(String proof) {
    return verify(List.of(proof), CLIENT.thumbprint());
  }

  private Verdict<UsedProof> verify(List<String> lines, String thumbprint) {
    return verifier.verify(
        new RequestFacts("192.0.2.1", "GET", "/api/me/items", lines), token(TOKEN), thumbprint);
  }

  private Refusal reason(String proof) {
    return verify(proof) instanceof Verdict.Refused<UsedProof> refused ? refused.reason() : null;
  }

  private UsedProof used(String proof) {
    return ((Verdict.Accepted<UsedProof>) verify(proof)).value();
  }

  @Test
  void row22_aGoodProofIsAccepted() {
    assertThat(used(of(CLIENT)).issuedAt()).isEqualTo(NOW);
  }

  @Test
  void row22_eachAlgorithmThatIsAnnouncedWorks() {
    assertThat(DpopProof.ALGORITHMS).containsExactly("ES256", "PS256");
    var rsa = Prover.rsa(2048, JWSAlgorithm.PS256);
    assertThat(verify(List.of(of(rsa)), rsa.thumbprint())).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void row22_aProofIsKnownByItsKeyAndItsIdAndNothingElse() {
    Consumer<Map<String, Object>> one = claims -> claims.put("jti", "one");
    var first = used(claims(one));
    assertThat(
            used(claims(one.andThen(claims -> claims.put("iat", NOW.getEpochSecond() - 1)))).id())
        .isEqualTo(first.id());
    assertThat(used(claims(claims -> claims.put("jti", "two"))).id()).isNotEqualTo(first.id());
    var ofAnother = verify(List.of(proof(STRANGER, header -> {}, one)), STRANGER.thumbprint());
    assertThat(((Verdict.Accepted<UsedProof>) ofAnother).value().id()).isNotEqualTo(first.id());
  }

  @Test
  void row22_whenThereIsNotExactlyOneProof_thenRefused() {
    var proof = of(CLIENT);
    for (var lines : List.of(List.<String>of(), List.of(proof, proof))) {
      assertThat(verify(lines, CLIENT.thumbprint()))
          .isEqualTo(token(TOKEN).refused(Refusal.PROOF_MISSING));
    }
    assertThat(reason(proof + ", " + proof)).isEqualTo(Refusal.PROOF_MALFORMED);
    assertThat(reason(proof + "," + proof)).isEqualTo(Refusal.PROOF_MALFORMED);
  }

  static List<Arguments> malformed() {
    var good = of(CLIENT);
    var publicKey = CLIENT.key().toPublicJWK().toJSONString();
    List<Arguments> cases = new ArrayList<>();
    add(cases, "empty", "");
    add(cases, "no JWS", "proof");
    add(cases, "padded", good + "=");
    add(cases, "too long", claims(c -> c.put("more", "x".repeat(4000))));
    add(cases, "no JSON", CLIENT.sign("{}{}", "{}"));
    add(
        cases,
        "a member twice",
        CLIENT.sign(
            "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"alg\":\"ES256\",\"jwk\":" + publicKey + "}",
            JSONObjectUtils.toJSONString(Map.of())));
    add(cases, "no typ", header(h -> h.remove("typ")));
    for (var type : new Object[] {"JWT", "at+jwt", "application/jwt", 1}) {
      add(cases, "typ " + type, header(h -> h.put("typ", type)));
    }
    add(cases, "no alg", header(h -> h.remove("alg")));
    for (var algorithm : new String[] {"none", "HS256", "RS256", "ES384", "ES256K", "es256"}) {
      add(cases, "alg " + algorithm, header(h -> h.put("alg", algorithm)));
    }
    add(cases, "alg of another kind of key", header(h -> h.put("alg", "PS256")));
    add(cases, "crit", header(h -> h.put("crit", List.of("exp"))));
    add(cases, "b64", header(h -> h.put("b64", false)));
    add(cases, "no jwk", header(h -> h.remove("jwk")));
    add(cases, "jwk that is a text", header(h -> h.put("jwk", publicKey)));
    add(cases, "private key", header(h -> h.put("jwk", CLIENT.key().toJSONObject())));
    for (var part : new String[] {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
      add(cases, "jwk with " + part, key(part, "AA"));
    }
    add(cases, "jwk for encryption", key("use", "enc"));
    add(cases, "jwk for another algorithm", key("alg", "ES384"));
    add(cases, "jwk that may only sign", key("key_ops", List.of("sign")));
    add(cases, "jwk with a number", key("x", 1));
    add(cases, "symmetric key", header(h -> h.put("jwk", Map.of("kty", "oct", "k", "AAAA"))));
    add(
        cases,
        "point that is not on the curve",
        key("x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    for (var claim : new String[] {"jti", "htm", "htu", "iat", "ath"}) {
      add(cases, "no " + claim, claims(c -> c.remove(claim)));
      add(cases, claim + " null", claims(c -> c.put(claim, null)));
      add(cases, claim + " true", claims(c -> c.put(claim, true)));
      add(cases, claim + " empty", claims(c -> c.put(claim, "")));
    }
    add(cases, "jti of 129 characters", claims(c -> c.put("jti", "x".repeat(129))));
    add(cases, "iat as text", claims(c -> c.put("iat", "1800000000")));
    add(cases, "iat with a fraction", claims(c -> c.put("iat", 1.8e9)));
    return cases;
  }

  private static void add(List<Arguments> cases, String name, String proof) {
    cases.add(Arguments.of(name, proof));
  }

  private static String key(String member, Object value) {
    return header(
        header -> {
          var key = CLIENT.key().toPublicJWK().toJSONObject();
          key.put(member, value);
          header.put("jwk", key);
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void row22_whenTheProofIsNotOfTheOneForm_thenRefused(String name, String proof) {
    assertThat(reason(proof)).isEqualTo(Refusal.PROOF_MALFORMED);
  }

  @Test
  void row22_anIdOf128CharactersAndATypeInCapitalsAreGood() {
    used(claims(c -> c.put("jti", "x".repeat(128))));
    used(header(h -> h.put("typ", "DPOP+JWT")));
  }

  @Test
  void row22_whenTheRsaKeyIsWeak_thenRefused() {
    var weak = Prover.rsa(1024, JWSAlgorithm.PS256);
    assertThat(verify(List.of(of(weak)), weak.thumbprint()))
        .isEqualTo(token(TOKEN).refused(Refusal.PROOF_MALFORMED));
  }

  @Test
  void row22_whenTheRsaKeyIsHuge_thenRefusedBeforeItIsUsed() {
    var modulus = BigInteger.ONE.shiftLeft(4104).subtract(BigInteger.ONE);
    var proof =
        header(
            header -> {
              header.put("alg", "PS256");
              header.put(
                  "jwk",
                  Map.of("kty", "RSA", "e", "AQAB", "n", Base64URL.encode(modulus).toString()));
            });
    assertThat(reason(proof)).isEqualTo(Refusal.PROOF_MALFORMED);
  }

  @Test
  void row22_whenTheCurveIsNotTheAlgorithms_thenRefused() {
    var odd = Prover.with(Curve.P_384, JWSAlgorithm.ES384);
    var proof = proof(odd, header -> header.put("alg", "ES256"), claims -> {});
    assertThat(verify(List.of(proof), odd.thumbprint()))
        .isEqualTo(token(TOKEN).refused(Refusal.PROOF_MALFORMED));
  }

  @Test
  void row22_whenMadeForAnotherRequest_thenRefused() {
    for (var method : new String[] {"POST", "get", "HEAD", "GET "}) {
      assertThat(reason(claims(c -> c.put("htm", method))))
          .isEqualTo(Refusal.PROOF_OF_ANOTHER_REQUEST);
    }
    assertThat(reason(claims(c -> c.put("htu", "https://evil.example/api/me/items"))))
        .isEqualTo(Refusal.PROOF_OF_ANOTHER_REQUEST);
    assertThat(reason(claims(c -> c.put("htu", TARGET + "/1"))))
        .isEqualTo(Refusal.PROOF_OF_ANOTHER_REQUEST);
  }

  @ParameterizedTest
  @CsvSource({"-31,true", "-30,false", "0,false", "30,false", "31,true"})
  void row22_aProofIsGoodForThirtySecondsAroundItsTime(int age, boolean refused) {
    assertThat(reason(claims(c -> c.put("iat", NOW.getEpochSecond() + age))))
        .isEqualTo(refused ? Refusal.PROOF_NOT_CURRENT : null);
  }

  @Test
  void row22_theWindowEndsOnTheMillisecond() {
    var clock = new AdjustableClock(NOW.plusSeconds(30));
    var later = new DpopProofVerifier(URI.create("https://api.example.org"), clock);
    var request = new RequestFacts("192.0.2.1", "GET", "/api/me/items", List.of(of(CLIENT)));
    assertThat(later.verify(request, token(TOKEN), CLIENT.thumbprint()))
        .isInstanceOf(Verdict.Accepted.class);
    clock.advance(Duration.ofMillis(1));
    assertThat(later.verify(request, token(TOKEN), CLIENT.thumbprint()))
        .isEqualTo(token(TOKEN).refused(Refusal.PROOF_NOT_CURRENT));
  }

  @Test
  void row22_whenMadeForAnotherToken_thenRefused() {
    assertThat(reason(claims(c -> c.put("ath", Prover.hash(TOKEN + "x")))))
        .isEqualTo(Refusal.PROOF_OF_ANOTHER_TOKEN);
    assertThat(reason(claims(c -> c.put("ath", Prover.hash(TOKEN) + "="))))
        .isEqualTo(Refusal.PROOF_OF_ANOTHER_TOKEN);
  }

  @Test
  void row22_whenMadeWithAnotherKeyThanTheTokens_thenRefused() {
    assertThat(reason(of(STRANGER))).isEqualTo(Refusal.PROOF_OF_ANOTHER_KEY);
  }

  @Test
  void row22_keyOfTokenButSignatureOfAnother_isRefused() {
    var proof =
        proof(
            STRANGER,
            header -> header.put("jwk", CLIENT.key().toPublicJWK().toJSONObject()),
            claims -> {});
    assertThat(reason(proof)).isEqualTo(Refusal.PROOF_BAD_SIGNATURE);
    var good = of(CLIENT);
    var other = of(CLIENT);
    assertThat(
            reason(
                good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'))))
        .isEqualTo(Refusal.PROOF_BAD_SIGNATURE);
    var zero = "A".repeat(86);
    assertThat(reason(good.substring(0, good.lastIndexOf('.') + 1) + zero))
        .isEqualTo(Refusal.PROOF_BAD_SIGNATURE);
  }

  @Test
  void refusedProof_isLoggedWithTheClient() {
    assertThat(verify(of(STRANGER)))
        .isEqualTo(
            new Verdict.Refused<UsedProof>(Refusal.PROOF_OF_ANOTHER_KEY, "key-1", "task-cli"));
  }
}
