/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rowlock.settings.InvalidSettingException;

/**
 * The key that this API proves itself to the issuer with (RFC 7523 section 2.2, {@code
 * private_key_jwt}). There is no secret that both sides have to keep.
 */
final class ClientKey {

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");
  private static final int MIN_RSA_BITS = 2048;

  /** Enough for a key that lives as long as the process, and made within a moment. */
  private static final int NEW_RSA_BITS = 2048;

  private static final Duration ASSERTION_LIFETIME = Duration.ofSeconds(60);

  /** An issuer whose clock is behind ours takes it for one from the future otherwise. */
  private static final Duration BACKDATED = Duration.ofSeconds(20);

  private final JWK key;
  private final JWSAlgorithm algorithm;
  private final JWSSigner signer;

  private ClientKey(JWK key, JWSAlgorithm algorithm, JWSSigner signer) {
    this.key = key;
    this.algorithm = algorithm;
    this.signer = signer;
  }

  /**
   * The key of a file; without one a new key, which is right as long as there is one replica.
   *
   * @throws InvalidSettingException when the file holds no key that can be used
   */
  static ClientKey of(@Nullable Path file) {
    try {
      if (file == null) {
        return of(new RSAKeyGenerator(NEW_RSA_BITS).generate());
      }
      String text = Files.readString(file).strip();
      return of(text.startsWith("{") ? JWK.parse(text) : ofPem(text));
    } catch (JOSEException
        | ParseException
        | IOException
        | GeneralSecurityException
        | IllegalArgumentException
        | IllegalStateException unusable) {
      throw new InvalidSettingException(
          "ROWLOCK_CLIENT_KEY_FILE",
          "names a file without a usable key. It takes a private RSA key of 2048 bits or more as PEM"
              + " (BEGIN PRIVATE KEY) or a private JWK, RSA or EC with the curve P-256.");
    }
  }

  private static ClientKey of(JWK given) throws JOSEException {
    String name =
        given.getKeyID() == null ? given.computeThumbprint().toString() : given.getKeyID();
    if (given instanceof RSAKey rsa && rsa.isPrivate() && rsa.size() >= MIN_RSA_BITS) {
      return new ClientKey(
          new RSAKey.Builder(rsa.toRSAPublicKey())
              .keyID(name)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.PS256)
              .build(),
          JWSAlgorithm.PS256,
          new RSASSASigner(rsa));
    }
    if (given instanceof ECKey ec && ec.isPrivate() && ec.getCurve().equals(Curve.P_256)) {
      return new ClientKey(
          new ECKey.Builder(Curve.P_256, ec.toECPublicKey())
              .keyID(name)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.ES256)
              .build(),
          JWSAlgorithm.ES256,
          new ECDSASigner(ec));
    }
    throw new IllegalArgumentException("neither RSA nor P-256");
  }

  private static JWK ofPem(String text) throws GeneralSecurityException {
    Matcher pem = PEM.matcher(text);
    if (!pem.matches()) {
      throw new IllegalArgumentException("no PEM");
    }
    byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
    KeyFactory factory = KeyFactory.getInstance("RSA");
    if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(encoded))
        instanceof RSAPrivateCrtKey secret)) {
      throw new IllegalArgumentException("no RSA key with its primes");
    }
    RSAPublicKey open =
        (RSAPublicKey)
            factory.generatePublic(
                new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
    return new RSAKey.Builder(open).privateKey(secret).build();
  }

  /** The public half, as a key set (RFC 7517 section 5). */
  Map<String, Object> keySet() {
    return new JWKSet(key).toJSONObject(true);
  }

  /**
   * Says who we are, to one issuer, for less than a minute.
   *
   * @param clientId our name with the issuer
   * @param issuer who is to believe it, and nobody else
   */
  String assertion(String clientId, String issuer, Instant now) {
    Instant issued = now.minus(BACKDATED);
    SignedJWT assertion =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(clientId)
                .subject(clientId)
                .audience(issuer)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(issued))
                .expirationTime(Date.from(issued.plus(ASSERTION_LIFETIME)))
                .build());
    try {
      assertion.sign(signer);
    } catch (JOSEException impossible) {
      throw new IllegalStateException("A key that was accepted cannot sign", impossible);
    }
    return assertion.serialize();
  }
}
