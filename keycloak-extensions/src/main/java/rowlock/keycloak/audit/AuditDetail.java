/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The details of an event that are logged, and the values that they may have. Where a value comes
 * from a request, the known words are listed, and any other value is logged as {@code other}: an
 * attacker, or a later version of the server, can put anything into a detail.
 */
enum AuditDetail {
  GRANT_TYPE(
      word(
          "authorization_code",
          "refresh_token",
          "client_credentials",
          "password",
          "urn:ietf:params:oauth:grant-type:device_code",
          "urn:ietf:params:oauth:grant-type:token-exchange",
          "urn:ietf:params:oauth:grant-type:jwt-bearer",
          "urn:openid:params:grant-type:ciba")),
  CLIENT_AUTH_METHOD(
      word("client-secret", "client-jwt", "client-secret-jwt", "client-x509", "federated-jwt")),
  REGISTER_METHOD(word("form", "broker", "token-exchange")),
  CREDENTIAL_TYPE(
      word("password", "otp", "webauthn", "webauthn-passwordless", "recovery-authn-codes")),
  REFRESH_TOKEN_TYPE(word("Refresh", "Offline")),
  REMEMBER_ME(word("true", "false")),
  /** The budget that is used up, and whether a correct password was tried before. */
  GUESS_BUDGET(word("address", "account", "browser", "reset-address", "reset-account")),
  KNOWN_BROWSER(word("true")),
  NUM_FAILURES(Pattern.compile("[0-9]{1,6}")),
  /** Ids of tokens (RFC 7519 §4.1.7), the same as in the API's log. They grant no access. */
  TOKEN_ID(tokenId()),
  REFRESH_TOKEN_ID(tokenId()),
  UPDATED_REFRESH_TOKEN_ID(tokenId()),
  /** The token family that was ended, and the extent of what was ended with it. */
  REFRESH_TOKEN_FAMILY(tokenId()),
  SESSIONS_ENDED(word("client-session", "user-session", "all-sessions")),
  /** The reason why a token was rejected. Other texts of the server may quote the request. */
  REASON(
      word(
          "Stale token",
          "Maximum allowed refresh token reuse exceeded",
          "Refresh token reuse detected",
          "Session not active",
          "Offline session not active",
          "Offline user session not found",
          "Session doesn't have required client",
          "Client session not active",
          "Unmatching clients",
          "User disabled",
          "Invalid refresh token",
          "Refresh token issued before the user session started",
          "refresh token issued before the client session started",
          "DPoP proof is missing",
          "Account has a second factor",
          "brute_force_attack detected"));

  private static final String OTHER = "other";

  private final Pattern allowed;

  AuditDetail(Pattern allowed) {
    this.allowed = allowed;
  }

  /** Returns the name of the detail in the event. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the name of the member in the line. {@code reason} is taken by the event's own error
   * code.
   */
  String member() {
    return this == REASON ? "cause" : key();
  }

  @Nullable String loggable(@Nullable String value) {
    if (value == null) {
      return null;
    }
    return allowed.matcher(value).matches() ? value : OTHER;
  }

  private static Pattern word(String... words) {
    return Pattern.compile(Stream.of(words).map(Pattern::quote).collect(Collectors.joining("|")));
  }

  private static Pattern tokenId() {
    return Pattern.compile("([a-z]{2,12}:)?" + LoggableUserId.UUID.pattern());
  }
}
