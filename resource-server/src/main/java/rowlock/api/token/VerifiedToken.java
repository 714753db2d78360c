/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;
import rowlock.api.audit.Refusal;

/**
 * A token with a valid signature, and the key that verified it. Its claims are checked on every
 * request.
 *
 * @param key the key that signed it; the token is invalid without it
 * @param claims its claims
 * @param jwt the token for Spring Security
 * @param authorities one for each scope
 */
record VerifiedToken(
    IssuerKey key, AccessToken claims, Jwt jwt, Collection<GrantedAuthority> authorities) {

  private static final JwtGrantedAuthoritiesConverter SCOPES = scopes();

  /** Reads {@code scope} as a string (RFC 9068 §2.2.3), and ignores {@code scp}. */
  private static JwtGrantedAuthoritiesConverter scopes() {
    var scopes = new JwtGrantedAuthoritiesConverter();
    scopes.setAuthoritiesClaimName("scope");
    return scopes;
  }

  static VerifiedToken of(String token, IssuerKey key, AccessToken claims) {
    Map<String, Object> headers =
        Map.of("alg", key.algorithm().getName(), "kid", key.kid(), "typ", "at+jwt");
    var jwt = new Jwt(token, claims.issuedAt(), claims.expiresAt(), headers, claims.claims());
    return new VerifiedToken(key, claims, jwt, List.copyOf(SCOPES.convert(jwt)));
  }

  /** Creates a refusal of a token with a valid signature. */
  <T> Verdict.Refused<T> refused(Refusal reason) {
    return new Verdict.Refused<>(
        reason, key.kid(), claims.clientId(), AccessTokenRules.claim(reason));
  }
}
