/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Urls;
import rowlock.settings.Variables;

/**
 * The accepted issuer, and the requirements for its tokens.
 *
 * @param issuer the exact {@code iss} of every token, {@code ROWLOCK_ISSUER}; required
 * @param jwksUri the address of the issuer's keys, {@code ROWLOCK_JWKS_URI}; null: the one in the
 *     issuer's metadata
 * @param audience the value that {@code aud} must contain, {@code ROWLOCK_AUDIENCE}, default {@code
 *     spring.application.name}
 * @param algorithms accepted {@code alg} headers, {@code ROWLOCK_TOKEN_ALGORITHMS}, default {@code
 *     PS256}; never empty, asymmetric only
 * @param clients the clients whose tokens are accepted, {@code ROWLOCK_TOKEN_CLIENTS}; empty, the
 *     default: every client that the issuer gives the audience
 * @param maxLifetime longest {@code exp - iat}, {@code ROWLOCK_TOKEN_LIFETIME}, default 10 minutes
 * @param maxSize longest accepted token in bytes, {@code ROWLOCK_TOKEN_SIZE}, default 8192
 * @param clockSkew how far {@code iat}, {@code nbf} and {@code auth_time} may lie in the future,
 *     {@code ROWLOCK_CLOCK_SKEW}, default 60 seconds
 * @param cache whether verified tokens are remembered, {@code ROWLOCK_TOKEN_CACHE}, default true
 * @param httpAllowed whether keys may be fetched over plain http from other machines, {@code
 *     ROWLOCK_HTTP_ALLOWED}, default false
 */
public record TokenSettings(
    String issuer,
    @Nullable URI jwksUri,
    String audience,
    Set<String> algorithms,
    Set<String> clients,
    Duration maxLifetime,
    int maxSize,
    Duration clockSkew,
    boolean cache,
    boolean httpAllowed) {

  /** Asymmetric signature algorithms (RFC 7518 §3.1). */
  private static final List<String> ASYMMETRIC =
      List.of("PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

  private static final int OTHER_HEADERS = 8192;
  private static final int MIN_SIZE = 2048;
  private static final int MAX_SIZE = 65_536;

  /** RFC 7519 §4.1.4: "no more than a few minutes". */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /** Rejects missing and invalid values. */
  public TokenSettings {
    Urls.check("ROWLOCK_ISSUER", issuer, "https://login.example.org/realms/rowlock", httpAllowed);
    if (jwksUri != null) {
      Urls.check(
          "ROWLOCK_JWKS_URI",
          jwksUri.toString(),
          "https://login.example.org/realms/rowlock/certs",
          httpAllowed);
    }
    if (!VISIBLE_ASCII.matcher(audience).matches()) {
      throw new InvalidSettingException(
          "ROWLOCK_AUDIENCE", "must be this API's name in the tokens, such as orders-api.");
    }
    algorithms = Set.copyOf(algorithms);
    if (algorithms.isEmpty()) {
      throw new InvalidSettingException(
          "ROWLOCK_TOKEN_ALGORITHMS", "names no algorithm. Set at least one, such as PS256.");
    }
    if (!ASYMMETRIC.containsAll(algorithms)) {
      throw new InvalidSettingException(
          "ROWLOCK_TOKEN_ALGORITHMS",
          "may only name asymmetric signatures, separated by commas: "
              + String.join(", ", ASYMMETRIC)
              + ".");
    }
    clients = Set.copyOf(clients);
    if (!clients.stream().allMatch(client -> VISIBLE_ASCII.matcher(client).matches())) {
      throw new InvalidSettingException(
          "ROWLOCK_TOKEN_CLIENTS", "must be client ids, separated by commas, such as web,cli.");
    }
    if (maxLifetime.compareTo(Duration.ofSeconds(10)) < 0
        || maxLifetime.compareTo(Duration.ofHours(24)) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_TOKEN_LIFETIME", "must lie between 10s and 24h, such as 10m.");
    }
    if (maxSize < MIN_SIZE || maxSize > MAX_SIZE) {
      throw new InvalidSettingException(
          "ROWLOCK_TOKEN_SIZE",
          "must be the size of the longest accepted token in bytes, between "
              + MIN_SIZE
              + " and "
              + MAX_SIZE
              + ", such as 8192.");
    }
    if (clockSkew.isNegative() || clockSkew.compareTo(MAX_CLOCK_SKEW) > 0) {
      throw new InvalidSettingException(
          "ROWLOCK_CLOCK_SKEW",
          "must lie between 0s and 5m, such as 60s. Synchronize the clocks instead of raising it.");
    }
  }

  /**
   * Returns whether keys may be fetched from this address: https, or plain http if it is allowed.
   */
  public boolean mayBeFetched(URI address) {
    return Urls.isSafe(address, httpAllowed);
  }

  /** Returns the limit of the header block: a token of the largest size and all other headers. */
  public int maxHeaderSize() {
    return maxSize + OTHER_HEADERS;
  }

  static TokenSettings from(Variables variables) {
    var httpAllowed = variables.flag("ROWLOCK_HTTP_ALLOWED", false);
    var issuer =
        variables.required(
            "ROWLOCK_ISSUER",
            "Set it to the exact issuer of the tokens, such as"
                + " https://login.example.org/realms/rowlock.");
    var jwksUri = variables.text("ROWLOCK_JWKS_URI");
    return new TokenSettings(
        issuer,
        jwksUri == null
            ? null
            : Urls.check("ROWLOCK_JWKS_URI", jwksUri, issuer + "/certs", httpAllowed),
        audience(variables),
        Set.copyOf(variables.names("ROWLOCK_TOKEN_ALGORITHMS", List.of("PS256"))),
        Set.copyOf(variables.names("ROWLOCK_TOKEN_CLIENTS", List.of())),
        variables.duration("ROWLOCK_TOKEN_LIFETIME", Duration.ofMinutes(10)),
        variables.number("ROWLOCK_TOKEN_SIZE", 8192),
        variables.duration("ROWLOCK_CLOCK_SKEW", Duration.ofSeconds(60)),
        variables.flag("ROWLOCK_TOKEN_CACHE", true),
        httpAllowed);
  }

  private static String audience(Variables variables) {
    var audience = variables.text("ROWLOCK_AUDIENCE");
    if (audience == null) {
      audience = ApiSettings.applicationName(variables);
    }
    if (audience == null) {
      throw new InvalidSettingException(
          "ROWLOCK_AUDIENCE",
          "is missing. Set it to this API's name in the tokens, such as orders-api.");
    }
    return audience;
  }
}
