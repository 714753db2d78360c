/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

/**
 * Sends token, introspection and logout requests to the issuer, authenticated by {@code
 * private_key_jwt}.
 */
@Component
public final class TokenEndpoint {
  private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);

  private final Issuer issuer;
  private final IssuerTokens idTokens;
  private final RestClient http;
  private final RestClient introspection;
  private final RestClientAuthorizationCodeTokenResponseClient codes;
  private final RestClientRefreshTokenTokenResponseClient refreshes;
  private final Converter<ClientRequest, MultiValueMap<String, String>> assertion;
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
    this.assertion = assertion(keys);
    this.codes = new RestClientAuthorizationCodeTokenResponseClient();
    codes.setRestClient(this.http);
    codes.addParametersConverter(this.<OAuth2AuthorizationCodeGrantRequest>assertion(keys));
    this.refreshes = new RestClientRefreshTokenTokenResponseClient();
    refreshes.setRestClient(this.http);
    refreshes.addParametersConverter(this.<OAuth2RefreshTokenGrantRequest>assertion(keys));
  }

  /** Returns the client with which Spring Security exchanges the code (RFC 6749 §4.1.3). */
  public OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> codes() {
    return codes;
  }

  /**
   * Refreshes the tokens. If the response is lost, the request is repeated once at once, because
   * the issuer returns the same successor again within a short grace window.
   *
   * @param login identity whose claims the new ID token updates
   */
  public RefreshResult refresh(Tokens old, Identity login) {
    var sample = Timer.start(meters);
    RefreshResult result;
    try {
      result = refresh(old, login, true);
    } catch (IssuerUnavailableException e) {
      failures.warn(log, "Refresh failed; the session is kept", e.getMessage());
      result = new RefreshResult.Unavailable();
    }
    sample.stop(
        Timer.builder("rowlock.web.refresh")
            .description("Refreshes at the issuer, by outcome")
            .tag("outcome", outcome(result))
            .register(meters));
    return result;
  }

  private static String outcome(RefreshResult result) {
    return switch (result) {
      case RefreshResult.Done done -> "done";
      case RefreshResult.Refused refused -> "refused";
      case RefreshResult.Unavailable unavailable -> "unavailable";
    };
  }

  private RefreshResult refresh(Tokens old, Identity login, boolean again) {
    try {
      var answer = refreshes.getTokenResponse(request(issuer.registration(), old));
      return new RefreshResult.Done(
          Tokens.of(
              answer.getAccessToken(), answer.getRefreshToken(), answer.getAdditionalParameters()),
          identity(answer, login));
    } catch (InvalidIdTokenException e) {
      log.warn(
          "Refresh rejected: the ID token does not match the login, claim={}; the session ends",
          e.getMessage());
      return new RefreshResult.Refused();
    } catch (OAuth2AuthorizationException e) {
      var error = e.getError().getErrorCode();
      if (error.equals(OAuth2ErrorCodes.INVALID_GRANT)) {
        return new RefreshResult.Refused();
      }
      if (again && isLostResponse(e)) {
        return refresh(old, login, false);
      }
      // without the description, which may repeat the request
      failures.warn(log, "Refresh failed; the session is kept", error);
      return new RefreshResult.Unavailable();
    }
  }

  /**
   * Returns the identity with the claims of the response's ID token. The identity is unchanged if
   * the response has no ID token (OpenID Connect Core 1.0 section 12.2) or if its signature cannot
   * be verified, for example because the key is not cached yet. The tokens are accepted
   * nevertheless, because the response came from the issuer by TLS.
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
    } catch (JwtException e) {
      failures.warn(
          log,
          "Verification of a refreshed ID token failed; name and email address are not updated",
          e.getClass().getSimpleName());
      return login;
    }
    return new RefreshedIdToken(issuer.identifier(), issuer.registration().getClientId())
        .validate(token, login);
  }

  /**
   * Returns whether the session's refresh token is active (RFC 7662). Introspection neither uses
   * the token nor counts as activity of the user.
   *
   * @throws IssuerUnavailableException if the issuer is unavailable or its response is invalid
   */
  public boolean isActive(Tokens tokens) {
    var registration = issuer.registration();
    MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
    form.set("client_id", registration.getClientId());
    form.set("token", tokens.refresh());
    form.set("token_type_hint", "refresh_token");
    form.addAll(assertion.convert(new ClientRequest(registration)));
    try {
      var answer =
          introspection
              .post()
              .uri(issuer.metadata().introspection())
              .contentType(MediaType.APPLICATION_FORM_URLENCODED)
              .accept(MediaType.APPLICATION_JSON)
              .body(form)
              .retrieve()
              .body(JsonNode.class);
      if (answer == null || !answer.path("active").isBoolean()) {
        throw new IssuerUnavailableException("Issuer returned an invalid introspection response");
      }
      return answer.path("active").asBoolean();
    } catch (RestClientException e) {
      throw new IssuerUnavailableException("Token introspection failed", e);
    }
  }

  /**
   * Ends the session at the issuer, for all clients of the session. The refresh token identifies
   * the session, so that no token passes through the browser.
   *
   * @param refreshToken any refresh token of the session
   * @return false if the issuer is unavailable
   */
  public boolean endSession(String refreshToken) {
    try {
      var registration = issuer.registration();
      MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
      form.set("client_id", registration.getClientId());
      form.set("refresh_token", refreshToken);
      form.addAll(assertion.convert(new ClientRequest(registration)));
      http.post()
          .uri(issuer.metadata().endSession())
          .contentType(MediaType.APPLICATION_FORM_URLENCODED)
          .body(form)
          .retrieve()
          .toBodilessEntity();
      return true;
    } catch (OAuth2AuthorizationException e) {
      // invalid_grant: the session has ended already
      return e.getError().getErrorCode().equals(OAuth2ErrorCodes.INVALID_GRANT);
    } catch (RestClientException | IssuerUnavailableException e) {
      failures.warn(
          log, "Logout at the issuer failed; it is retried", e.getClass().getSimpleName());
      return false;
    }
  }

  /**
   * Exchanges an access token for one with another scope and audience (RFC 8693 §2.1).
   *
   * @return the new token, or null if the issuer rejects the access token
   * @throws IssuerUnavailableException if the issuer is unavailable or does not allow this exchange
   */
  @Nullable String exchange(Tokens tokens, String scope, String audience) {
    var registration = issuer.registration();
    MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
    form.set("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.set("client_id", registration.getClientId());
    form.set("subject_token", tokens.access());
    form.set("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.set("scope", scope);
    form.set("audience", audience);
    form.addAll(assertion.convert(new ClientRequest(registration)));
    try {
      var answer =
          http.post()
              .uri(issuer.metadata().token())
              .contentType(MediaType.APPLICATION_FORM_URLENCODED)
              .body(form)
              .retrieve()
              .body(OAuth2AccessTokenResponse.class);
      return answer == null ? null : answer.getAccessToken().getTokenValue();
    } catch (OAuth2AuthorizationException e) {
      var error = e.getError().getErrorCode();
      // invalid_request is the code of RFC 8693 §2.2.2; issuers also use the other two
      if (error.equals(OAuth2ErrorCodes.INVALID_REQUEST)
          || error.equals(OAuth2ErrorCodes.INVALID_TOKEN)
          || error.equals(OAuth2ErrorCodes.INVALID_GRANT)) {
        return null;
      }
      throw new IssuerUnavailableException("Token exchange failed: " + error);
    } catch (RestClientException e) {
      throw new IssuerUnavailableException("Token exchange failed", e);
    }
  }

  /** Returns whether the issuer may have processed the request: not if connecting failed. */
  private static boolean isLostResponse(OAuth2AuthorizationException failure) {
    var cause = failure.getCause();
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

  /** Sets the issuer as audience of the client assertion, so that no other server can use it. */
  private <T extends AbstractOAuth2AuthorizationGrantRequest>
      Converter<T, MultiValueMap<String, String>> assertion(ClientKeys keys) {
    NimbusJwtClientAuthenticationParametersConverter<T> converter =
        new NimbusJwtClientAuthenticationParametersConverter<>(registration -> keys.signing());
    converter.setJwtClientAssertionCustomizer(
        context -> {
          var now = clock.instant();
          context
              .getClaims()
              .audience(List.of(issuer.identifier()))
              .issuedAt(now)
              .expiresAt(now.plusSeconds(30));
        });
    return request -> Objects.requireNonNull(converter.convert(request));
  }

  /** A request with a client assertion that is not a grant of Spring Security. */
  private static final class ClientRequest extends AbstractOAuth2AuthorizationGrantRequest {
    ClientRequest(ClientRegistration registration) {
      super(AuthorizationGrantType.REFRESH_TOKEN, registration);
    }
  }
}
