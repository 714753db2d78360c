/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.client;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import rowlock.settings.InvalidSettingException;

/**
 * The keys with which a service authenticates itself to the issuer ({@code private_key_jwt}, RFC
 * 7523 section 2.2). The first signs; the others are published too, so that a key can be replaced
 * without an interruption. Immutable.
 */
public final class ClientKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)");
  private static final String END_OF_PEM = "-----END PRIVATE KEY-----";
  private static final int MIN_RSA_BITS = 2048;

  /** Sufficient for a key that lives as long as the process, and fast to generate. */
  private static final int NEW_RSA_BITS = 2048;

  private static final Duration ASSERTION_LIFETIME = Duration.ofSeconds(60);

  /** An issuer whose clock is behind ours would otherwise reject it as issued in the future. */
  private static final Duration BACKDATED = Duration.ofSeconds(20);

  private final Future<Material> material;

  private ClientKeys(Future<Material> material) {
    this.material = material;
  }

  private static ClientKeys of(List<JWK> keys) throws JOSEException {
    return new ClientKeys(CompletableFuture.completedFuture(Material.of(keys)));
  }

  /** The keys, and the signer of the first. */
  private record Material(List<JWK> keys, JWSSigner signer) {
    static Material of(List<JWK> keys) throws JOSEException {
      return new Material(List.copyOf(keys), ClientKeys.signer(keys.getFirst()));
    }
  }

  /** Returns the keys as soon as they are generated. */
  private Material material() {
    try {
      return material.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the RSA key is generated", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("The RSA key could not be generated", e.getCause());
    }
  }

  /**
   * Reads private keys: one or several of RSA in PEM, or one JWK, RSA or EC.
   *
   * @param variable the environment variable that names the file
   * @throws InvalidSettingException if the file cannot be read or has no usable key
   */
  public static ClientKeys read(String variable, Path file) {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw new InvalidSettingException(
          variable, "names a file that cannot be read: " + file + ".");
    }
    try {
      return of(text.startsWith("{") ? List.of(completed(JWK.parse(text))) : ofPem(text));
    } catch (JOSEException
        | ParseException
        | GeneralSecurityException
        | IllegalArgumentException
        | IllegalStateException e) {
      throw new InvalidSettingException(
          variable,
          "names a file without a usable key. It takes private RSA keys of 2048 bits or more as PEM"
              + " (BEGIN PRIVATE KEY), or a private JWK, RSA or EC with the curve P-256. Make one:"
              + " openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072");
    }
  }

  /**
   * Returns a new key. It suits a service of one replica only. The key is generated in the
   * background, because that takes some tenths of a second; methods that need it wait for it.
   */
  public static ClientKeys generated() {
    var generation =
        new FutureTask<>(
            () -> Material.of(List.of(completed(new RSAKeyGenerator(NEW_RSA_BITS).generate()))));
    Thread.ofPlatform().daemon().name("client-key").start(generation);
    return new ClientKeys(generation);
  }

  /** Checks the key, and sets its use, its algorithm and its id. */
  private static JWK completed(JWK given) throws JOSEException {
    var name = given.getKeyID() == null ? given.computeThumbprint().toString() : given.getKeyID();
    if (given instanceof RSAKey rsa && rsa.isPrivate() && rsa.size() >= MIN_RSA_BITS) {
      return new RSAKey.Builder(rsa.toRSAPublicKey())
          .privateKey(rsa.toRSAPrivateKey())
          .keyID(name)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.PS256)
          .build();
    }
    if (given instanceof ECKey ec && ec.isPrivate() && ec.getCurve().equals(Curve.P_256)) {
      return new ECKey.Builder(Curve.P_256, ec.toECPublicKey())
          .privateKey(ec.toECPrivateKey())
          .keyID(name)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .build();
    }
    throw new IllegalArgumentException("neither RSA nor P-256");
  }

  private static List<JWK> ofPem(String text) throws GeneralSecurityException, JOSEException {
    List<JWK> keys = new ArrayList<>();
    for (int start = 0, end;
        (end = text.indexOf(END_OF_PEM, start)) >= 0;
        start = end + END_OF_PEM.length()) {
      keys.add(completed(rsa(text.substring(start, end).strip())));
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("no PEM");
    }
    return keys;
  }

  private static RSAKey rsa(String text) throws GeneralSecurityException {
    var pem = PEM.matcher(text);
    if (!pem.matches()) {
      throw new IllegalArgumentException("no PEM");
    }
    var encoded = Base64.getMimeDecoder().decode(pem.group(1));
    var factory = KeyFactory.getInstance("RSA");
    if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(encoded))
        instanceof RSAPrivateCrtKey secret)) {
      throw new IllegalArgumentException("no RSA key with its primes");
    }
    var open =
        (RSAPublicKey)
            factory.generatePublic(
                new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
    return new RSAKey.Builder(open).privateKey(secret).build();
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
  }

  /** Returns the private key that signs, with its name and its algorithm. */
  public JWK signing() {
    return material().keys().getFirst();
  }

  /** Returns the public halves as a key set (RFC 7517 §5). */
  public JWKSet published() {
    return new JWKSet(material().keys()).toPublicJWKSet();
  }

  /**
   * Returns a signed client assertion for one issuer, which is valid for less than a minute.
   *
   * @param clientId the name of this service at the issuer
   * @param issuer the only audience
   */
  public String assertion(String clientId, String issuer, Instant now) {
    var issued = now.minus(BACKDATED);
    var key = signing();
    var assertion =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(clientId)
                .subject(clientId)
                .audience(issuer)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(issued))
                .expirationTime(Date.from(issued.plus(ASSERTION_LIFETIME)))
                .build());
    try {
      assertion.sign(material().signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("A key that was accepted cannot sign", e);
    }
    return assertion.serialize();
  }
}
