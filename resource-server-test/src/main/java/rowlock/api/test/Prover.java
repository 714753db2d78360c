/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Makes proofs of possession (DPoP, RFC 9449), valid and invalid ones.
 *
 * @param key the client's private key
 * @param algorithm the algorithm that signs the proofs
 */
public record Prover(JWK key, JWSAlgorithm algorithm) {

  /** Returns a prover with a new P-256 key. */
  public static Prover es256() {
    return with(Curve.P_256, JWSAlgorithm.ES256);
  }

  /** Returns a prover with a new key on this curve. */
  public static Prover with(Curve curve, JWSAlgorithm algorithm) {
    try {
      return new Prover(new ECKeyGenerator(curve).generate(), algorithm);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a prover with a new RSA key, which may be too small. */
  public static Prover rsa(int bits, JWSAlgorithm algorithm) {
    try {
      return new Prover(new RSAKeyGenerator(bits, true).generate(), algorithm);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the key's thumbprint: {@code cnf.jkt} of a token that is bound to the key. */
  public String thumbprint() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes the claims to those of a token that is bound to this key. */
  public void bind(Map<String, Object> claims) {
    claims.put("typ", "DPoP");
    claims.put("cnf", Map.of("jkt", thumbprint()));
  }

  /**
   * Returns a valid proof.
   *
   * @param method the request's method
   * @param target the request's URI, without query
   * @param token the access token that the request carries
   */
  public String proof(String method, String target, String token) {
    return proof(method, target, token, header -> {}, claims -> {});
  }

  /** Returns a proof whose header and claims are changed before it is signed. */
  public String proof(
      String method,
      String target,
      String token,
      Consumer<Map<String, Object>> headerChange,
      Consumer<Map<String, Object>> claimsChange) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("typ", "dpop+jwt");
    header.put("alg", algorithm.getName());
    header.put("jwk", key.toPublicJWK().toJSONObject());
    headerChange.accept(header);
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("htm", method);
    claims.put("htu", target);
    claims.put("iat", Instant.now().getEpochSecond());
    claims.put("ath", hash(token));
    claimsChange.accept(claims);
    return sign(JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
  }

  /** Signs any two texts; they need not be JSON. */
  public String sign(String header, String claims) {
    var input = encode(header) + "." + encode(claims);
    try {
      var signer =
          key instanceof RSAKey rsa
              ? new RSASSASigner(rsa.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()))
              : new ECDSASigner((ECKey) key);
      return input
          + "."
          + signer.sign(new JWSHeader(algorithm), input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the {@code ath} of a proof for this access token. */
  public static String hash(String token) {
    try {
      return Base64URL.encode(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)))
          .toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String text) {
    return Base64URL.encode(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
