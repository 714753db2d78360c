/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.oauth2.jwt.Jwt;
import rowlock.field.FieldReport;

/** OpenID Connect Core 1.0 section 12.2. */
class RefreshedIdTokenTest {
  private static final String ISSUER = "https://login.example.org/realms/rowlock";
  private static final Instant NOW = Instant.ofEpochSecond(1_795_282_984L);
  private static final Identity LOGIN =
      new Identity("ida", "Ida Old", "old@example.org", NOW.getEpochSecond() - 600, "n-0");

  private final RefreshedIdToken rules = new RefreshedIdToken(ISSUER, "task-web");

  @FieldReport("https://github.com/oauth2-proxy/oauth2-proxy/issues/411")
  @Test
  void validate_newToken_updatesNameAndEmail() {
    var updated = rules.validate(token(Map.of()), LOGIN);

    assertThat(updated)
        .isEqualTo(
            new Identity("ida", "Ida New", "new@example.org", LOGIN.authenticatedAt(), "n-0"));
  }

  @Test
  void validate_tokenWithoutName_removesTheName() {
    assertThat(rules.validate(without("name"), LOGIN).name()).isNull();
  }

  @ParameterizedTest
  @MethodSource
  void validate_tokenOfTheLogin_isAccepted(Jwt token) {
    assertThat(rules.validate(token, LOGIN).email()).isEqualTo("new@example.org");
  }

  static Stream<Jwt> validate_tokenOfTheLogin_isAccepted() {
    return Stream.of(
        token(Map.of("nonce", "n-0")),
        without("auth_time"),
        // authenticated again in the same session
        token(Map.of("auth_time", NOW.minusSeconds(5))),
        without("azp"),
        token(Map.of("aud", List.of("task-web", "other"))));
  }

  @ParameterizedTest
  @MethodSource
  void validate_otherToken_isRejected(String claim, Jwt token) {
    assertThatThrownBy(() -> rules.validate(token, LOGIN))
        .isInstanceOf(InvalidIdTokenException.class)
        .hasMessage(claim);
  }

  static Stream<Arguments> validate_otherToken_isRejected() {
    return Stream.of(
        Arguments.of("iss", token(Map.of("iss", ISSUER + "2"))),
        Arguments.of("sub", token(Map.of("sub", "eve"))),
        Arguments.of("sub", without("sub")),
        Arguments.of("aud", token(Map.of("aud", List.of("other")))),
        Arguments.of("aud", without("aud")),
        Arguments.of("azp", token(Map.of("azp", "other"))),
        Arguments.of("iat", without("iat")),
        Arguments.of("exp", without("exp")),
        Arguments.of("auth_time", token(Map.of("auth_time", NOW.minusSeconds(601)))),
        Arguments.of("auth_time", token(Map.of("auth_time", NOW.plusSeconds(1)))),
        Arguments.of("nonce", token(Map.of("nonce", "n-1"))));
  }

  private static Jwt without(String claim) {
    var claims = claims();
    claims.remove(claim);
    return jwt(claims);
  }

  private static Jwt token(Map<String, Object> changed) {
    var claims = claims();
    claims.putAll(changed);
    return jwt(claims);
  }

  private static Jwt jwt(Map<String, Object> claims) {
    return new Jwt(
        "token",
        (Instant) claims.get("iat"),
        (Instant) claims.get("exp"),
        Map.of("typ", "JWT"),
        claims);
  }

  private static Map<String, Object> claims() {
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", ISSUER);
    claims.put("sub", "ida");
    claims.put("aud", List.of("task-web"));
    claims.put("azp", "task-web");
    claims.put("iat", NOW);
    claims.put("exp", NOW.plusSeconds(300));
    claims.put("auth_time", NOW.minusSeconds(600));
    claims.put("name", "Ida New");
    claims.put("email", "new@example.org");
    return claims;
  }
}
