/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.settings.InvalidSettingException;

class ClientKeysTest {
  private static final String VARIABLE = "ROWLOCK_CLIENT_KEY_FILE";

  @TempDir private Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("key"), text);
  }

  private static String pem(KeyPair pair) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static KeyPair rsa(int bits) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  @Test
  void withoutFile_eachStartGeneratesKeyForTheRealm() throws Exception {
    var key = ClientKeys.generated();
    assertThat(key.published()).isNotEqualTo(ClientKeys.generated().published());
    assertThat(key.published().getKeys().getFirst().getAlgorithm()).isEqualTo(JWSAlgorithm.PS256);
  }

  @Test
  void pemKey_signsTokensThatItsPublicKeyVerifies() throws Exception {
    var key = ClientKeys.read(VARIABLE, file(pem(rsa(2048))));
    var assertion = SignedJWT.parse(key.assertion("me", "https://i.example", Instant.now()));
    var published = key.published().getKeys().getFirst();
    assertThat(published.isPrivate()).isFalse();
    assertThat(assertion.getHeader().getKeyID()).isEqualTo(published.getKeyID());
    assertThat(assertion.verify(new RSASSAVerifier(published.toRSAKey()))).isTrue();
    assertThat(ClientKeys.read(VARIABLE, folder.resolve("key")).published())
        .isEqualTo(key.published());
  }

  @Test
  void severalKeys_allArePublished_firstSigns() throws Exception {
    var first = pem(rsa(2048));
    var keys = ClientKeys.read(VARIABLE, file(first + pem(rsa(3072))));
    var signing = ClientKeys.read(VARIABLE, file(first)).signing().getKeyID();
    assertThat(keys.published().getKeys()).hasSize(2).noneMatch(JWK::isPrivate);
    assertThat(keys.published().getKeys().getFirst().getKeyID()).isEqualTo(signing);
    var assertion = SignedJWT.parse(keys.assertion("me", "https://i.example", Instant.now()));
    assertThat(assertion.getHeader().getKeyID()).isEqualTo(signing);
  }

  @Test
  void ellipticKey_signsWithEs256() throws Exception {
    var jwk = new ECKeyGenerator(Curve.P_256).generate().toJSONString();
    var keys = ClientKeys.read(VARIABLE, file(jwk));
    var assertion = SignedJWT.parse(keys.assertion("me", "https://i.example", Instant.now()));
    var published = keys.published().getKeys().getFirst();
    assertThat(assertion.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    assertThat(assertion.verify(new ECDSAVerifier(published.toECKey()))).isTrue();
  }

  @Test
  void invalidKey_isRefusedWithoutRepeatingIt() throws Exception {
    var elliptic = KeyPairGenerator.getInstance("EC");
    for (var text :
        new String[] {
          "",
          "secret text",
          "{\"kty\":\"RSA\",\"secret\":1",
          "{}",
          pem(rsa(1024)),
          pem(elliptic.generateKeyPair()),
          "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
          new ECKeyGenerator(Curve.P_256).generate().toPublicJWK().toJSONString(),
          new ECKeyGenerator(Curve.P_384).generate().toJSONString(),
          "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}"
        }) {
      var file = file(text);
      assertThatExceptionOfType(InvalidSettingException.class)
          .as(text)
          .isThrownBy(() -> ClientKeys.read(VARIABLE, file))
          .satisfies(
              refused ->
                  assertThat(refused.getMessage())
                      .startsWith(VARIABLE + " ")
                      .doesNotContain("secret"));
    }
  }
}
