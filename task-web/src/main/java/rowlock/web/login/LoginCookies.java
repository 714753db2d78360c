/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;
import rowlock.web.issuer.Issuer;
import rowlock.web.seal.Seal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores login attempts in sealed cookies of the browser, one for each attempt. Tabs therefore do
 * not disturb each other, and anonymous requests fill no table. An authorization response without
 * the cookie of its attempt does not sign the browser in (RFC 6749 §10.12).
 */
@Component
final class LoginCookies implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
  static final String PREFIX = "__Host-rowlock-login-";

  private static final String PURPOSE = "login";
  static final Duration LIFE = Duration.ofMinutes(30);
  private static final int MAX_ATTEMPTS = 6;
  private static final int MAX_DELETIONS = 20;
  private static final int NAME_CHARACTERS = 10;
  private static final byte[] NO_SECRET = new byte[32];
  private static final String ATTEMPT = LoginAttempt.class.getName();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Issuer issuer;
  private final Seal seal;
  private final Clock clock;

  LoginCookies(Issuer issuer, Seal seal, Clock clock) {
    this.issuer = issuer;
    this.seal = seal;
    this.clock = clock;
  }

  /** Returns the attempt that this request, an authorization response, has completed. */
  static @Nullable LoginAttempt attempt(HttpServletRequest request) {
    return (LoginAttempt) request.getAttribute(ATTEMPT);
  }

  @Override
  public void saveAuthorizationRequest(
      @Nullable OAuth2AuthorizationRequest authorization,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (authorization == null) {
      return;
    }
    var attempt =
        new LoginAttempt(
            String.valueOf(authorization.getState()),
            text(authorization, OidcParameterNames.NONCE),
            text(authorization, PkceParameterNames.CODE_VERIFIER),
            text(authorization, LoginRequestResolver.DESTINATION),
            authorization.getAttribute(LoginRequestResolver.ACTION),
            clock.instant().getEpochSecond());
    var name = name(attempt.state());
    var sealed = seal.seal(PURPOSE, NO_SECRET, ascii(name), JSON.writeValueAsBytes(attempt));
    forgetOthers(request, response);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store"); // the address is valid once
    write(response, name, Base64.getUrlEncoder().withoutPadding().encodeToString(sealed), LIFE);
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
    var attempt = find(request);
    return attempt == null ? null : rebuild(attempt);
  }

  @Override
  public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    var attempt = find(request);
    if (attempt == null) {
      return null;
    }
    request.setAttribute(ATTEMPT, attempt);
    write(response, name(attempt.state()), "", Duration.ZERO);
    return rebuild(attempt);
  }

  /** Returns the attempt that the response belongs to, or null if it is unknown or expired. */
  private @Nullable LoginAttempt find(HttpServletRequest request) {
    var state = request.getParameter(OAuth2ParameterNames.STATE);
    if (state == null || state.length() < NAME_CHARACTERS) {
      return null;
    }
    var name = name(state);
    var cookies = request.getCookies();
    for (var i = 0; cookies != null && i < cookies.length; i++) {
      if (cookies[i].getName().equals(name)) {
        var attempt = open(name, cookies[i].getValue());
        return attempt != null && attempt.state().equals(state) && isRecent(attempt)
            ? attempt
            : null;
      }
    }
    return null;
  }

  private boolean isRecent(LoginAttempt attempt) {
    return clock.instant().getEpochSecond() - attempt.startedAt() <= LIFE.toSeconds();
  }

  /** Returns the content of a cookie, or null if it cannot be decrypted or read. */
  private @Nullable LoginAttempt open(String name, String value) {
    try {
      var content =
          seal.open(PURPOSE, NO_SECRET, ascii(name), Base64.getUrlDecoder().decode(value));
      return content == null ? null : JSON.readValue(content, LoginAttempt.class);
    } catch (IllegalArgumentException | JacksonException e) {
      return null;
    }
  }

  private OAuth2AuthorizationRequest rebuild(LoginAttempt attempt) {
    var registration = issuer.registration();
    return OAuth2AuthorizationRequest.authorizationCode()
        .authorizationUri(issuer.loginPage().toString())
        .clientId(registration.getClientId())
        .redirectUri(registration.getRedirectUri())
        .scopes(registration.getScopes())
        .state(attempt.state())
        .attributes(
            attributes -> {
              attributes.put(OAuth2ParameterNames.REGISTRATION_ID, Issuer.REGISTRATION);
              attributes.put(OidcParameterNames.NONCE, attempt.nonce());
              attributes.put(PkceParameterNames.CODE_VERIFIER, attempt.verifier());
            })
        .build();
  }

  /**
   * Deletes the oldest attempts, so that the header Cookie stays below the server's limit. A
   * response deletes a limited number, because its own headers are limited too. The next attempts
   * delete the rest.
   */
  private static void forgetOthers(HttpServletRequest request, HttpServletResponse response) {
    var attempts =
        Stream.ofNullable(request.getCookies())
            .flatMap(Arrays::stream)
            .map(Cookie::getName)
            .filter(LoginCookies::isName)
            .distinct()
            .toList();
    // browsers send the oldest first (RFC 6265 §5.4)
    attempts.stream()
        .limit(Math.clamp(attempts.size() - MAX_ATTEMPTS + 1, 0, MAX_DELETIONS))
        .forEach(name -> write(response, name, "", Duration.ZERO));
  }

  private static boolean isName(String cookie) {
    return cookie.startsWith(PREFIX) && cookie.length() <= PREFIX.length() + NAME_CHARACTERS;
  }

  /** Writes a cookie with SameSite=Lax, because the issuer may be another site. */
  private static void write(
      HttpServletResponse response, String name, String value, Duration life) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(name, value)
            .path("/")
            .maxAge(life)
            .secure(true)
            .httpOnly(true)
            .sameSite("Lax")
            .build()
            .toString());
  }

  /** Returns a cookie name from the start of the state, which is unique enough. */
  private static String name(String state) {
    return PREFIX + state.substring(0, NAME_CHARACTERS).replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private static String text(OAuth2AuthorizationRequest authorization, String attribute) {
    String value = authorization.getAttribute(attribute);
    if (value == null) {
      throw new IllegalStateException("login attempt without " + attribute);
    }
    return value;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
