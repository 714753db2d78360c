/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import rowlock.api.settings.TokenSettings;
import rowlock.api.test.TestIssuer;

/**
 * Provides two verifiers for the same tokens: ours, and Spring Security's. The latter has the same
 * key in memory, the same algorithm, and its own validator for access tokens of RFC 9068.
 */
@State(Scope.Benchmark)
public class Verifiers {
  /** Size of the issuer's key. */
  @Param public KeySize key;

  private TestIssuer issuer;
  private IssuerKeys keys;
  private AccessTokenVerifier remembering;
  private AccessTokenVerifier forgetful;
  private NimbusJwtDecoder nimbus;

  private String good;
  private String forged;
  private String unknownKey;

  /** Creates both verifiers. */
  @Setup(Level.Trial)
  public void start() {
    issuer = new TestIssuer().publish(key.pair());
    keys =
        new IssuerKeys(
            settings(true),
            Clock.systemUTC(),
            new SimpleMeterRegistry(),
            IssuerKeys.Timing.DEFAULT);
    keys.start();
    while (keys.usable() == null) {
      LockSupport.parkNanos(1_000_000);
    }
    remembering = new AccessTokenVerifier(settings(true), keys, Clock.systemUTC());
    forgetful = new AccessTokenVerifier(settings(false), keys, Clock.systemUTC());
    nimbus = nimbus();

    good = token(key.pair());
    var other = token(key.pair());
    forged = good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
    unknownKey = token(new RSAKey.Builder(key.pair()).keyID("unknown").build());
    requireThatBothAgree();
  }

  /** Stops the issuer, and checks that both verifiers still judge the tokens as expected. */
  @TearDown(Level.Trial)
  public void stop() {
    requireThatBothAgree();
    keys.close();
    issuer.close();
  }

  Object rowlock(Token token) {
    return remembering.verify(text(token));
  }

  Object rowlockWithoutCache(Token token) {
    return forgetful.verify(text(token));
  }

  Object nimbus(Token token) {
    try {
      return nimbus.decode(text(token));
    } catch (BadJwtException e) {
      return e;
    }
  }

  private String text(Token token) {
    return switch (token) {
      case GOOD -> good;
      case FORGED -> forged;
      case UNKNOWN_KEY -> unknownKey;
    };
  }

  private void requireThatBothAgree() {
    for (var token : Token.values()) {
      var accepted = token == Token.GOOD;
      if (accepted != rowlock(token) instanceof Verdict.Accepted<?>
          || accepted != rowlockWithoutCache(token) instanceof Verdict.Accepted<?>
          || accepted == nimbus(token) instanceof BadJwtException) {
        throw new IllegalStateException("Unexpected result for the token: " + token);
      }
    }
  }

  /** Creates a token with the length and the claims of Keycloak's tokens. */
  private String token(RSAKey signer) {
    return issuer.token(
        signer,
        claims -> {
          claims.put("azp", claims.get("client_id"));
          claims.put("acr", "1");
          claims.put("auth_time", claims.get("iat"));
          claims.put("scope", "openid email basic");
          claims.put("email_verified", false);
          claims.put("preferred_username", claims.get("email"));
        });
  }

  private TokenSettings settings(boolean cache) {
    return new TokenSettings(
        issuer.url(),
        null,
        "task-api",
        Set.of("PS256"),
        Set.of(),
        Duration.ofMinutes(10),
        8192,
        Duration.ofSeconds(60),
        cache,
        false);
  }

  private NimbusJwtDecoder nimbus() {
    var decoder =
        NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<>(new JWKSet(key.pair().toPublicJWK())))
            .jwsAlgorithm(SignatureAlgorithm.PS256)
            .jwtProcessorCustomizer(
                processor ->
                    processor.setJWSTypeVerifier(
                        new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"))))
            .build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator()
            .issuer(issuer.url())
            .audience("task-api")
            .clientId("task-cli")
            .build());
    return decoder;
  }

  /** The tokens to verify. */
  enum Token {
    GOOD,
    /** Has the signature of another token, so that the whole verification is done. */
    FORGED,
    UNKNOWN_KEY
  }
}
