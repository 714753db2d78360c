/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Map;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * A token whose signature is good, with the key that says so. Its claims still have to be looked at
 * on every request.
 *
 * @param key the key that signed it; the token is worth no more than its key
 * @param claims what it says
 * @param jwt the same for Spring Security
 */
record VerifiedToken(IssuerKey key, AccessToken claims, Jwt jwt) {

  static VerifiedToken of(String token, IssuerKey key, AccessToken claims) {
    Map<String, Object> headers =
        Map.of("alg", key.algorithm().getName(), "kid", key.kid(), "typ", "at+jwt");
    return new VerifiedToken(
        key,
        claims,
        new Jwt(token, claims.issuedAt(), claims.expiresAt(), headers, claims.claims()));
  }
}
