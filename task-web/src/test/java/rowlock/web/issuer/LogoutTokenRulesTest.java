/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.Jwt;

/** OpenID Connect Back-Channel Logout 1.0 section 2.6, rule by rule. */
class LogoutTokenRulesTest {

  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  private final LogoutTokenRules rules = new LogoutTokenRules("https://issuer.example", "web");

  @Test
  void aTokenOfTheIssuerIsGood() {
    assertThat(isGood(claims -> {})).isTrue();
    assertThat(isGood(claims -> claims.remove("sid"))).as("of a person").isTrue();
    assertThat(isGood(claims -> claims.remove("sub"))).as("of a session").isTrue();
  }

  @Test
  void everyOtherOneIsNot() {
    assertThat(isGood(claims -> claims.put("iss", "https://other.example"))).isFalse();
    assertThat(isGood(claims -> claims.remove("iss"))).isFalse();
    assertThat(isGood(claims -> claims.put("aud", List.of("other")))).isFalse();
    assertThat(isGood(claims -> claims.put("aud", List.of("web", "other")))).isFalse();
    assertThat(isGood(claims -> claims.remove("aud"))).isFalse();
    assertThat(isGood(claims -> claims.remove("iat"))).isFalse();
    assertThat(isGood(claims -> claims.remove("exp"))).isFalse();
    assertThat(isGood(claims -> claims.remove("jti"))).isFalse();
    assertThat(isGood(claims -> claims.put("nonce", "n"))).isFalse();
    assertThat(isGood(claims -> claims.remove("events"))).isFalse();
    assertThat(isGood(claims -> claims.put("events", "all"))).isFalse();
    assertThat(isGood(claims -> claims.put("events", Map.of("other", Map.of())))).isFalse();
    assertThat(isGood(claims -> claims.put("events", Map.of(EVENT, "yes")))).isFalse();
    assertThat(
            isGood(
                claims -> {
                  claims.remove("sid");
                  claims.remove("sub");
                }))
        .isFalse();
  }

  private boolean isGood(Consumer<Map<String, Object>> change) {
    Instant now = Instant.ofEpochSecond(1_800_000_000);
    Jwt token =
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
