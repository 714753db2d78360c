/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
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

  private final IssuerSettings settings;
  private final IssuerHttp http;
  private final Issuer issuer;
  private final Map<String, JwtDecoder> decoders = new ConcurrentHashMap<>();

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
    URI keys = issuer.metadata().keys();
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSetUri(keys.toString())
            .restOperations(http.keys())
            .validateType(false)
            .jwsAlgorithms(
                accepted ->
                    settings.algorithms().stream()
                        .map(SignatureAlgorithm::from)
                        .forEach(accepted::add))
            .build();
    decoder.setJwtValidator(rules);
    decoder.setClaimSetConverter(
        new org.springframework.security.oauth2.core.converter.ClaimTypeConverter(
            OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
    return decoder;
  }
}
