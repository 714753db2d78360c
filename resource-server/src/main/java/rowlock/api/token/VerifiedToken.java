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
 * A token whose signature is good, with the key that says so. Its claims still have to be looked at
 * on every request.
 *
 * @param key the key that signed it; the token is worth no more than its key
 * @param claims what it says
 * @param jwt the same for Spring Security
 * @param authorities one for each scope
 */
record VerifiedToken(
    IssuerKey key, AccessToken claims, Jwt jwt, Collection<GrantedAuthority> authorities) {

  private static final JwtGrantedAuthoritiesConverter SCOPES = scopes();

  /** RFC 9068 section 2.2.3: {@code scope}, a text; not {@code scp} and whatever it may hold. */
  private static JwtGrantedAuthoritiesConverter scopes() {
    JwtGrantedAuthoritiesConverter scopes = new JwtGrantedAuthoritiesConverter();
    scopes.setAuthoritiesClaimName("scope");
    return scopes;
  }

  static VerifiedToken of(String token, IssuerKey key, AccessToken claims) {
    Map<String, Object> headers =
        Map.of("alg", key.algorithm().getName(), "kid", key.kid(), "typ", "at+jwt");
    Jwt jwt = new Jwt(token, claims.issuedAt(), claims.expiresAt(), headers, claims.claims());
    return new VerifiedToken(key, claims, jwt, List.copyOf(SCOPES.convert(jwt)));
  }

  /** It is not acceptable all the same. */
  <T> Verdict.Refused<T> refused(Refusal reason) {
    return new Verdict.Refused<>(
        reason, key.kid(), claims.clientId(), AccessTokenRules.claim(reason));
  }
}
