/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
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

/** A client with a key of its own, who proves it, or tries to (RFC 9449). */
public record Prover(JWK key, JWSAlgorithm algorithm) {

  public static Prover es256() {
    return with(Curve.P_256, JWSAlgorithm.ES256);
  }

  public static Prover with(Curve curve, JWSAlgorithm algorithm) {
    try {
      return new Prover(new ECKeyGenerator(curve).generate(), algorithm);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Prover rsa(int bits, JWSAlgorithm algorithm) {
    try {
      return new Prover(new RSAKeyGenerator(bits, true).generate(), algorithm);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a token that is bound to this key says in {@code cnf.jkt}. */
  public String thumbprint() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes claims those of a token that is bound to this key. */
  public void bind(Map<String, Object> claims) {
    claims.put("typ", "DPoP");
    claims.put("cnf", Map.of("jkt", thumbprint()));
  }

  public String proof(String method, String target, String token) {
    return proof(method, target, token, header -> {}, claims -> {});
  }

  /** A proof that was good until somebody changed it before it was signed. */
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

  /** Signs any two texts, JSON or not. */
  public String sign(String header, String claims) {
    String input = encode(header) + "." + encode(claims);
    try {
      JWSSigner signer =
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
