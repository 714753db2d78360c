/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.test.TestIssuer;

/** RS row 17: the requirements for a usable key. */
class KeySetTest {
  private static final Set<String> ALLOWED = Set.of("PS256", "ES256");
  private static final RSAKey GOOD = TestIssuer.newKey("good");

  @Test
  void row17_aStrongPublicSigningKeyIsUsed() {
    assertThat(names(GOOD)).containsExactly("good");
  }

  @Test
  void row17_anEllipticCurveKeyOfTheRightCurveIsUsed() throws JOSEException {
    assertThat(names(ec(Curve.P_256, JWSAlgorithm.ES256))).containsExactly("ec");
  }

  @Test
  void row17_whenTheCurveIsNotTheAlgorithms_thenLeftOut() throws JOSEException {
    assertThat(names(GOOD, ec(Curve.P_384, JWSAlgorithm.ES256))).containsExactly("good");
  }

  @Test
  void row17_whenTheAlgorithmIsNotTheTypes_thenLeftOut() throws JOSEException {
    assertThat(names(GOOD, ec(Curve.P_256, JWSAlgorithm.PS256))).containsExactly("good");
    assertThat(names(GOOD, rsa("bad", JWSAlgorithm.ES256, KeyUse.SIGNATURE)))
        .containsExactly("good");
  }

  @Test
  void row17_whenTheAlgorithmIsNotAllowedOrMissing_thenLeftOut() {
    assertThat(
            names(
                GOOD,
                rsa("a", JWSAlgorithm.RS256, KeyUse.SIGNATURE),
                rsa("b", null, KeyUse.SIGNATURE)))
        .containsExactly("good");
  }

  @Test
  void row17_whenTheKeyIsForEncryptionOrDoesNotSay_thenLeftOut() {
    assertThat(
            names(
                GOOD,
                rsa("a", JWSAlgorithm.PS256, KeyUse.ENCRYPTION),
                rsa("b", JWSAlgorithm.PS256, null)))
        .containsExactly("good");
  }

  @Test
  void row17_whenTheKeyMayOnlySign_thenLeftOut() {
    var signsOnly =
        new RSAKey.Builder(TestIssuer.newKey("ops").toPublicJWK())
            .keyOperations(Set.of(KeyOperation.SIGN))
            .build();
    assertThat(names(GOOD, signsOnly)).containsExactly("good");
  }

  @Test
  void row17_whenTheKeyIsShort_thenLeftOut() throws JOSEException {
    var weak =
        new RSAKeyGenerator(1024, true)
            .keyID("weak")
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.PS256)
            .generate();
    assertThat(names(GOOD, weak)).containsExactly("good");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "\"x\"", "[]", "{}", "{\"kty\":\"RSA\",\"kid\":\"x\"}"})
  void row17_whenAnEntryIsNoKey_thenTheOthersAreUsed(String entry) {
    var set = new JWKSet(GOOD.toPublicJWK()).toString();
    var read = read(set.replace("\"keys\":[", "\"keys\":[" + entry + ","));
    assertThat(read).isNotNull();
    assertThat(read.keys()).containsOnlyKeys("good");
  }

  /** 1, 3, 65,536 and one that is too long. */
  @ParameterizedTest
  @ValueSource(strings = {"AQ", "Aw", "AQAA", "AQAAAAAAAAAAAQ"})
  void row17_whenTheExponentIsUnusual_thenLeftOut(String exponent) {
    var unusual =
        new JWKSet(GOOD.toPublicJWK())
            .toString()
            .replace("\"e\":\"AQAB\"", "\"e\":\"" + exponent + "\"");
    assertThat(read(unusual).keys()).isEmpty();
  }

  @Test
  void row17_whenASymmetricKeyIsAmongThem_thenItIsLeftOut() throws JOSEException {
    var secret =
        new OctetSequenceKeyGenerator(256)
            .keyID("secret")
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.HS256)
            .generate();
    var set =
        KeySet.read(
            new JWKSet(List.of(GOOD.toPublicJWK(), secret)).toString(false).getBytes(),
            Set.of("PS256", "HS256"),
            Instant.now());
    assertThat(set).isNotNull();
    assertThat(set.keys()).containsOnlyKeys("good");
  }

  @Test
  void row17_whenAPrivateKeyIsPublished_thenItIsLeftOut() {
    var leaked = TestIssuer.newKey("leaked");
    assertThat(
            read(new JWKSet(List.of(GOOD.toPublicJWK(), leaked)).toString(false)).keys().keySet())
        .containsExactly("good");
  }

  @Test
  void row17_whenTwoKeysShareAName_thenNeitherIsUsed() {
    assertThat(names(GOOD, TestIssuer.newKey("twin"), TestIssuer.newKey("twin")))
        .containsExactly("good");
  }

  @Test
  void row17_whenAKeyHasNoName_thenItIsLeftOut() {
    var nameless = new RSAKey.Builder(TestIssuer.newKey("x").toPublicJWK()).keyID(null).build();
    assertThat(names(GOOD, nameless)).containsExactly("good");
  }

  @Test
  void row17_moreThanTenKeys_setIsRefused() {
    var many =
        IntStream.range(0, 11)
            .mapToObj(i -> new RSAKey.Builder(GOOD.toPublicJWK()).keyID("k" + i).build())
            .toArray(JWK[]::new);
    assertThat(read(new JWKSet(List.of(many)).toString())).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[1]}", "<html>"})
  void whenTheDocumentIsNoKeySet_thenNull(String document) {
    assertThat(read(document)).isNull();
  }

  private static JWK ec(Curve curve, JWSAlgorithm algorithm) throws JOSEException {
    return new ECKeyGenerator(curve)
        .keyID("ec")
        .keyUse(KeyUse.SIGNATURE)
        .algorithm(algorithm)
        .generate();
  }

  private static JWK rsa(String kid, JWSAlgorithm algorithm, KeyUse use) {
    return new RSAKey.Builder(GOOD.toPublicJWK())
        .keyID(kid)
        .algorithm(algorithm)
        .keyUse(use)
        .build();
  }

  private static Set<String> names(JWK... keys) {
    return read(new JWKSet(List.of(keys)).toString()).keys().keySet();
  }

  private static KeySet read(String document) {
    return KeySet.read(document.getBytes(StandardCharsets.UTF_8), ALLOWED, Instant.now());
  }
}
