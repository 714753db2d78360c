/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;

/** Contains RSA keys of the minimum accepted size and of the realm's size. */
public enum KeySize {
  RSA_2048(2048),
  RSA_3072(3072);

  private final RSAKey pair;

  KeySize(int bits) {
    try {
      pair =
          new RSAKeyGenerator(bits)
              .keyID("bE3nQ0yq3lq2D9cV7hS1aT5kW8uXo4RzPfGmJtLsYvI") // as long as Keycloak's
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.PS256)
              .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  RSAKey pair() {
    return pair;
  }
}
