/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
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

class ClientKeyTest {

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
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  @Test
  void withoutAFileEachStartMakesAKeyOfItsOwnOfTheKindThatTheRealmTakes() throws Exception {
    ClientKey key = ClientKey.of(null);
    assertThat(key.keySet()).isNotEqualTo(ClientKey.of(null).keySet());
    assertThat(JWKSet.parse(key.keySet()).getKeys().getFirst().getAlgorithm())
        .isEqualTo(JWSAlgorithm.PS256);
  }

  @Test
  void aPemSignsWhatItsPublishedHalfVerifies() throws Exception {
    ClientKey key = ClientKey.of(file(pem(rsa(2048))));
    SignedJWT assertion = SignedJWT.parse(key.assertion("me", "https://i.example", Instant.now()));
    var published = JWKSet.parse(key.keySet()).getKeys().getFirst();
    assertThat(published.isPrivate()).isFalse();
    assertThat(assertion.getHeader().getKeyID()).isEqualTo(published.getKeyID());
    assertThat(assertion.verify(new RSASSAVerifier(published.toRSAKey()))).isTrue();
    assertThat(ClientKey.of(folder.resolve("key")).keySet()).isEqualTo(key.keySet());
  }

  @Test
  void whatIsNoGoodPrivateKeyIsRefusedWithoutRepeatingIt() throws Exception {
    KeyPairGenerator elliptic = KeyPairGenerator.getInstance("EC");
    for (String text :
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
      Path file = file(text);
      assertThatExceptionOfType(InvalidSettingException.class)
          .as(text)
          .isThrownBy(() -> ClientKey.of(file))
          .satisfies(
              refused ->
                  assertThat(refused.getMessage())
                      .startsWith("ROWLOCK_CLIENT_KEY_FILE ")
                      .doesNotContain("secret"));
    }
  }
}
