/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import rowlock.web.settings.IssuerSettings;

/**
 * Checks what the issuer signs for this server: ID tokens and logout tokens, one never the other.
 */
@Component
public final class IssuerTokens implements JwtDecoderFactory<ClientRegistration> {

  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration OUTAGE = Duration.ofHours(24);

  /** Two fetches in this time, at most. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final IssuerSettings settings;
  private final IssuerHttp http;
  private final Issuer issuer;
  private final Map<String, JwtDecoder> decoders = new ConcurrentHashMap<>();
  private final Map<URI, JWKSource<SecurityContext>> sources = new ConcurrentHashMap<>();

  IssuerTokens(IssuerSettings settings, IssuerHttp http, Issuer issuer) {
    this.settings = settings;
    this.http = http;
    this.issuer = issuer;
  }

  /** For ID tokens (OpenID Connect Core 1.0 section 3.1.3.7). */
  @Override
  public JwtDecoder createDecoder(ClientRegistration registration) {
    return decoders.computeIfAbsent(
        "id",
        name ->
            decoder(
                new DelegatingOAuth2TokenValidator<>(
                    JwtTypeValidator.jwt(),
                    new JwtTimestampValidator(),
                    new OidcIdTokenValidator(registration))));
  }

  /** For logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
  public JwtDecoder logoutTokens() {
    return decoders.computeIfAbsent(
        "logout",
        name ->
            decoder(
                new DelegatingOAuth2TokenValidator<>(
                    new JwtTypeValidator("logout+jwt"),
                    new JwtTimestampValidator(),
                    new LogoutTokenRules(settings.issuer(), settings.clientId()))));
  }

  private JwtDecoder decoder(OAuth2TokenValidator<Jwt> rules) {
    DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();
    signatures.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()),
            sources.computeIfAbsent(issuer.metadata().keys(), this::source)));
    // both are for the rules, which say more
    signatures.setJWSTypeVerifier((type, context) -> {});
    signatures.setJWTClaimsSetVerifier((claims, context) -> {});
    NimbusJwtDecoder decoder = new NimbusJwtDecoder(signatures);
    decoder.setJwtValidator(rules);
    decoder.setClaimSetConverter(
        new org.springframework.security.oauth2.core.converter.ClaimTypeConverter(
            OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
    return decoder;
  }

  /**
   * The issuer's keys, fetched again when a token names an unknown one. Anybody can send such a
   * token, hence the limit; what is known stays known while the issuer is away.
   */
  private JWKSource<SecurityContext> source(URI keys) {
    try {
      return JWKSourceBuilder.create(keys.toURL(), http.keys())
          .cache(LIFE.toMillis(), IssuerHttp.ANSWER_LIMIT.multipliedBy(2).toMillis())
          .rateLimited(PAUSE.toMillis())
          .outageTolerant(OUTAGE.toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("an address that was checked", e);
    }
  }
}
