/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.convert.converter.Converter;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.client.endpoint.AbstractOAuth2AuthorizationGrantRequest;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import rowlock.client.ClientKeys;
import rowlock.limit.FailureLog;
import tools.jackson.databind.JsonNode;

/** Asks the issuer for tokens, and takes sessions back, each time with a signature of our key. */
@Component
public final class TokenEndpoint {

  private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);

  private final Issuer issuer;
  private final IssuerTokens idTokens;
  private final RestClient http;
  private final RestClient introspection;
  private final RestClientAuthorizationCodeTokenResponseClient codes;
  private final RestClientRefreshTokenTokenResponseClient refreshes;
  private final Converter<OfClient, MultiValueMap<String, String>> proof;
  private final FailureLog failures;
  private final MeterRegistry meters;
  private final Clock clock;

  TokenEndpoint(
      Issuer issuer,
      IssuerTokens idTokens,
      IssuerHttp http,
      ClientKeys keys,
      FailureLog failures,
      MeterRegistry meters,
      Clock clock) {
    this.issuer = issuer;
    this.failures = failures;
    this.idTokens = idTokens;
    this.http = http.tokens();
    this.introspection = http.plain();
    this.meters = meters;
    this.clock = clock;
    this.proof = proof(keys);
    this.codes = new RestClientAuthorizationCodeTokenResponseClient();
    codes.setRestClient(this.http);
    codes.addParametersConverter(this.<OAuth2AuthorizationCodeGrantRequest>proof(keys));
    this.refreshes = new RestClientRefreshTokenTokenResponseClient();
    refreshes.setRestClient(this.http);
    refreshes.addParametersConverter(this.<OAuth2RefreshTokenGrantRequest>proof(keys));
  }

  /** For the login of Spring Security: exchanges the code (RFC 6749 section 4.1.3). */
  public OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> codes() {
    return codes;
  }

  /**
   * Exchanges a refresh token. An answer that got lost on the way is asked for once more at once:
   * rotation serves the same successor again for a moment, and for a moment only.
   *
   * @param login the identity whose claims the new ID token updates
   */
  public Refreshed refresh(Tokens old, Identity login) {
    Timer.Sample sample = Timer.start(meters);
    Refreshed result;
    try {
      result = refresh(old, login, true);
    } catch (IssuerUnavailableException away) {
      failures.warn(log, "A refresh has to wait", away.getMessage());
      result = new Refreshed.Away();
    }
    sample.stop(
        Timer.builder("rowlock.web.refresh")
            .description("Refreshes at the issuer")
            .tag("outcome", result.getClass().getSimpleName().toLowerCase(Locale.ROOT))
            .register(meters));
    return result;
  }

  private Refreshed refresh(Tokens old, Identity login, boolean again) {
    try {
      OAuth2AccessTokenResponse answer =
          refreshes.getTokenResponse(request(issuer.registration(), old));
      return new Refreshed.Done(
          Tokens.of(
              answer.getAccessToken(), answer.getRefreshToken(), answer.getAdditionalParameters()),
          identity(answer, login));
    } catch (InvalidIdTokenException invalid) {
      log.warn(
          "The ID token of a refresh is not that of the login: claim={}; the session ends",
          invalid.getMessage());
      return new Refreshed.Refused();
    } catch (OAuth2AuthorizationException failed) {
      String error = failed.getError().getErrorCode();
      if (error.equals(OAuth2ErrorCodes.INVALID_GRANT)) {
        return new Refreshed.Refused();
      }
      if (again && isLostAnswer(failed)) {
        return refresh(old, login, false);
      }
      // a description may repeat what was sent
      failures.warn(log, "The issuer did not refresh a session", error);
      return new Refreshed.Away();
    }
  }

  /**
   * Returns the identity with the claims of the response's ID token. It stays as it is without one
   * (OpenID Connect Core 1.0 section 12.2), and when the signature cannot be verified, which a key
   * that is not known yet may cause: the tokens came from the issuer by TLS nevertheless.
   *
   * @throws InvalidIdTokenException if the token is not that of the login
   */
  private Identity identity(OAuth2AccessTokenResponse answer, Identity login) {
    if (!(answer.getAdditionalParameters().get("id_token") instanceof String idToken)) {
      return login;
    }
    Jwt token;
    try {
      token = idTokens.refreshedIdTokens().decode(idToken);
    } catch (JwtException unverified) {
      failures.warn(
          log,
          "The ID token of a refresh cannot be verified; name and address stay as they are",
          unverified.getClass().getSimpleName());
      return login;
    }
    return new RefreshedIdToken(issuer.identifier(), issuer.registration().getClientId())
        .validate(token, login);
  }

  /**
   * Returns whether the issuer still accepts a session's refresh token (RFC 7662). Asking neither
   * uses the token nor counts as activity of the user.
   *
   * @throws IssuerUnavailableException when the issuer cannot be asked
   */
  public boolean isActive(Tokens tokens) {
    ClientRegistration registration = issuer.registration();
    MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
    form.set("client_id", registration.getClientId());
    form.set("token", tokens.refresh());
    form.set("token_type_hint", "refresh_token");
    form.addAll(proof.convert(new OfClient(registration)));
    try {
      JsonNode answer =
          introspection
              .post()
              .uri(issuer.metadata().introspection())
              .contentType(MediaType.APPLICATION_FORM_URLENCODED)
              .accept(MediaType.APPLICATION_JSON)
              .body(form)
              .retrieve()
              .body(JsonNode.class);
      if (answer == null || !answer.path("active").isBoolean()) {
        throw new IssuerUnavailableException("The issuer's introspection response is invalid");
      }
      return answer.path("active").asBoolean();
    } catch (RestClientException failed) {
      throw new IssuerUnavailableException("The issuer did not introspect a token", failed);
    }
  }

  /**
   * Ends the session at the issuer, with all its clients, by its refresh token; no token passes
   * through a browser.
   *
   * @param refreshToken any of the session's
   * @return false when the issuer could not be asked
   */
  public boolean endSession(String refreshToken) {
    try {
      ClientRegistration registration = issuer.registration();
      MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
      form.set("client_id", registration.getClientId());
      form.set("refresh_token", refreshToken);
      form.addAll(proof.convert(new OfClient(registration)));
      http.post()
          .uri(issuer.metadata().endSession())
          .contentType(MediaType.APPLICATION_FORM_URLENCODED)
          .body(form)
          .retrieve()
          .toBodilessEntity();
      return true;
    } catch (OAuth2AuthorizationException refused) {
      // invalid_grant: it has ended already
      return refused.getError().getErrorCode().equals(OAuth2ErrorCodes.INVALID_GRANT);
    } catch (RestClientException | IssuerUnavailableException away) {
      failures.warn(
          log, "A session could not be ended at the issuer", away.getClass().getSimpleName());
      return false;
    }
  }

  /**
   * Exchanges an access token for one with another scope and audience (RFC 8693 section 2.1).
   *
   * @return empty when the issuer takes this one for no good any more
   * @throws IssuerUnavailableException when it cannot be asked, or gives nobody such tokens
   */
  Optional<String> exchange(Tokens tokens, String scope, String audience) {
    ClientRegistration registration = issuer.registration();
    MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
    form.set("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.set("client_id", registration.getClientId());
    form.set("subject_token", tokens.access());
    form.set("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.set("scope", scope);
    form.set("audience", audience);
    form.addAll(proof.convert(new OfClient(registration)));
    try {
      OAuth2AccessTokenResponse answer =
          http.post()
              .uri(issuer.metadata().token())
              .contentType(MediaType.APPLICATION_FORM_URLENCODED)
              .body(form)
              .retrieve()
              .body(OAuth2AccessTokenResponse.class);
      return Optional.ofNullable(answer).map(given -> given.getAccessToken().getTokenValue());
    } catch (OAuth2AuthorizationException refused) {
      String error = refused.getError().getErrorCode();
      // what RFC 8693 section 2.2.2 asks for when the token is no good, and what else is seen
      if (error.equals(OAuth2ErrorCodes.INVALID_REQUEST)
          || error.equals(OAuth2ErrorCodes.INVALID_TOKEN)
          || error.equals(OAuth2ErrorCodes.INVALID_GRANT)) {
        return Optional.empty();
      }
      throw new IssuerUnavailableException("The issuer did not exchange a token: " + error);
    } catch (RestClientException away) {
      throw new IssuerUnavailableException("The issuer did not exchange a token", away);
    }
  }

  /** An answer may be on its way when reading fails, and never when connecting has failed. */
  private static boolean isLostAnswer(OAuth2AuthorizationException failed) {
    Throwable cause = failed.getCause();
    return cause instanceof ResourceAccessException access
        && !(access.getCause() instanceof ConnectException)
        && !(access.getCause() instanceof HttpConnectTimeoutException);
  }

  private static OAuth2RefreshTokenGrantRequest request(
      ClientRegistration registration, Tokens tokens) {
    return new OAuth2RefreshTokenGrantRequest(
        registration,
        new OAuth2AccessToken(
            OAuth2AccessToken.TokenType.BEARER, tokens.access(), null, tokens.expiresAt()),
        new OAuth2RefreshToken(tokens.refresh(), null));
  }

  /** The issuer is the audience, not one of its endpoints: nobody else can use the signature. */
  private <T extends AbstractOAuth2AuthorizationGrantRequest>
      Converter<T, MultiValueMap<String, String>> proof(ClientKeys keys) {
    NimbusJwtClientAuthenticationParametersConverter<T> converter =
        new NimbusJwtClientAuthenticationParametersConverter<>(registration -> keys.signing());
    converter.setJwtClientAssertionCustomizer(
        context -> {
          Instant now = clock.instant();
          context
              .getClaims()
              .audience(List.of(issuer.identifier()))
              .issuedAt(now)
              .expiresAt(now.plusSeconds(30));
        });
    return request -> Objects.requireNonNull(converter.convert(request));
  }

  /** What needs our signature and is none of Spring's grants. */
  private static final class OfClient extends AbstractOAuth2AuthorizationGrantRequest {

    OfClient(ClientRegistration registration) {
      super(AuthorizationGrantType.REFRESH_TOKEN, registration);
    }
  }
}
