/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
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
 * Creates decoders for the JWTs of the issuer: ID tokens and logout tokens. A decoder of one type
 * rejects tokens of the other.
 */
@Component
public final class IssuerTokens implements JwtDecoderFactory<ClientRegistration> {
  private final IssuerSettings settings;
  private final IssuerKeys keys;
  private final Map<String, JwtDecoder> decoders = new ConcurrentHashMap<>();

  IssuerTokens(IssuerSettings settings, IssuerKeys keys) {
    this.settings = settings;
    this.keys = keys;
  }

  /** Returns the decoder of ID tokens (OpenID Connect Core 1.0 section 3.1.3.7). */
  @Override
  public JwtDecoder createDecoder(ClientRegistration registration) {
    return decoders.computeIfAbsent(
        "id",
        name ->
            decoder(
                new DelegatingOAuth2TokenValidator<>(
                    JwtTypeValidator.jwt(),
                    new JwtTimestampValidator(),
                    new OidcIdTokenValidator(registration)),
                keys));
  }

  /**
   * Returns the decoder of ID tokens of a refresh. It checks signature and type; {@link
   * RefreshedIdToken} validates the claims.
   */
  JwtDecoder refreshedIdTokens() {
    return decoders.computeIfAbsent(
        "refreshed id",
        name -> decoder(new DelegatingOAuth2TokenValidator<>(JwtTypeValidator.jwt()), keys));
  }

  /** Returns the decoder of logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
  JwtDecoder logoutTokens() {
    return decoders.computeIfAbsent(
        "logout",
        name ->
            decoder(
                new DelegatingOAuth2TokenValidator<>(
                    new JwtTypeValidator("logout+jwt"),
                    new JwtTimestampValidator(),
                    new LogoutTokenRules(settings.issuer(), settings.clientId())),
                (selector, context) -> keys.known(selector)));
  }

  private JwtDecoder decoder(OAuth2TokenValidator<Jwt> rules, JWKSource<SecurityContext> source) {
    DefaultJWTProcessor<SecurityContext> signatures = new DefaultJWTProcessor<>();
    signatures.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet()),
            source));
    // the validators check type and claims and report the cause
    signatures.setJWSTypeVerifier((type, context) -> {});
    signatures.setJWTClaimsSetVerifier((claims, context) -> {});
    var decoder = new NimbusJwtDecoder(signatures);
    decoder.setJwtValidator(rules);
    decoder.setClaimSetConverter(
        new org.springframework.security.oauth2.core.converter.ClaimTypeConverter(
            OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
    return decoder;
  }
}
