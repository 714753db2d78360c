/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.Jwt;

/** The rules of OpenID Connect Back-Channel Logout 1.0 section 2.6. */
class LogoutTokenRulesTest {
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final LogoutTokenRules rules = new LogoutTokenRules("https://issuer.example", "web");

  @Test
  void validate_validToken_succeeds() {
    assertThat(isValid(claims -> {})).isTrue();
    assertThat(isValid(claims -> claims.remove("sid"))).as("of a user").isTrue();
    assertThat(isValid(claims -> claims.remove("sub"))).as("of a session").isTrue();
  }

  @Test
  void validate_invalidClaim_fails() {
    assertThat(isValid(claims -> claims.put("iss", "https://other.example"))).isFalse();
    assertThat(isValid(claims -> claims.remove("iss"))).isFalse();
    assertThat(isValid(claims -> claims.put("aud", List.of("other")))).isFalse();
    assertThat(isValid(claims -> claims.put("aud", List.of("web", "other")))).isFalse();
    assertThat(isValid(claims -> claims.remove("aud"))).isFalse();
    assertThat(isValid(claims -> claims.remove("iat"))).isFalse();
    assertThat(isValid(claims -> claims.remove("exp"))).isFalse();
    assertThat(isValid(claims -> claims.remove("jti"))).isFalse();
    assertThat(isValid(claims -> claims.put("nonce", "n"))).isFalse();
    assertThat(isValid(claims -> claims.remove("events"))).isFalse();
    assertThat(isValid(claims -> claims.put("events", "all"))).isFalse();
    assertThat(isValid(claims -> claims.put("events", Map.of("other", Map.of())))).isFalse();
    assertThat(isValid(claims -> claims.put("events", Map.of(EVENT, "yes")))).isFalse();
    assertThat(
            isValid(
                claims -> {
                  claims.remove("sid");
                  claims.remove("sub");
                }))
        .isFalse();
  }

  private boolean isValid(Consumer<Map<String, Object>> change) {
    var now = Instant.ofEpochSecond(1_800_000_000);
    var token =
        Jwt.withTokenValue("token")
            .header("alg", "PS256")
            .issuer("https://issuer.example")
            .audience(List.of("web"))
            .subject("person")
            .claim("sid", "session")
            .jti("1")
            .issuedAt(now)
            .expiresAt(now.plusSeconds(60))
            .claim("events", Map.of(EVENT, Map.of()))
            .claims(change)
            .build();
    return !rules.validate(token).hasErrors();
  }
}
