/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;
import rowlock.field.FieldReport;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AccessTokenRulesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final String ISSUER = "https://login.example.org/realms/rowlock";

  static final TokenSettings SETTINGS =
      new TokenSettings(
          ISSUER,
          URI.create(ISSUER + "/certs"),
          "task-api",
          Set.of("PS256"),
          Set.of(),
          Duration.ofMinutes(10),
          8192,
          Duration.ofSeconds(60),
          true,
          false);

  private static final String THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

  private final AccessTokenRules rules = new AccessTokenRules(SETTINGS);

  private final ObjectNode claims =
      JSON.createObjectNode()
          .put("iss", ISSUER)
          .put("aud", "task-api")
          .put("sub", "0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f")
          .put("sid", "session")
          .put("jti", "id")
          .put("client_id", "task-cli")
          .put("iat", NOW.getEpochSecond())
          .put("exp", NOW.getEpochSecond() + 300);

  @Test
  void validToken_isAccepted() {
    assertThat(refusal()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://login.example.org/realms/rowlock/",
        "https://login.example.org/realms/Rowlock",
        "http://login.example.org/realms/rowlock",
        "https://login.example.org/realms/other"
      })
  void row6_whenTheIssuerIsNotExactlyOurs_thenRefused(String issuer) {
    claims.put("iss", issuer);
    assertThat(refusal()).isEqualTo(Refusal.WRONG_ISSUER);
  }

  @FieldReport("https://github.com/vouch-sh/vouch/issues/688")
  @ParameterizedTest
  @ValueSource(strings = {"[]", "[\"task-web\"]", "\"task-apix\"", "[\"task-api2\",\"account\"]"})
  void row7_whenTheAudienceDoesNotNameUs_thenRefused(String audience) {
    claims.set("aud", JSON.readTree(audience));
    assertThat(refusal()).isEqualTo(Refusal.WRONG_AUDIENCE);
  }

  @Test
  void row8_whenClientsAreNamed_thenTokensOfOthersAreRefused() {
    assertThat(refusal(claims, new AccessTokenRules(acceptingOnly("task-web"))))
        .isEqualTo(Refusal.WRONG_CLIENT);
    assertThat(refusal(claims, new AccessTokenRules(acceptingOnly("task-web", "task-cli"))))
        .isNull();
  }

  private static TokenSettings acceptingOnly(String... clients) {
    return new TokenSettings(
        ISSUER,
        SETTINGS.jwksUri(),
        "task-api",
        Set.of("PS256"),
        Set.of(clients),
        Duration.ofMinutes(10),
        8192,
        Duration.ofSeconds(60),
        true,
        false);
  }

  @Test
  void row7_whenWeAreOneOfTheAudience_thenAccepted() {
    claims.set("aud", JSON.readTree("[\"account\",\"task-api\"]"));
    assertThat(refusal()).isNull();
  }

  @FieldReport("https://github.com/3scale/APIcast/issues/643")
  @ParameterizedTest
  @ValueSource(strings = {"ID", "Refresh", "Offline", "Logout", "bearer", ""})
  void row5_whenThePayloadSaysItIsNoAccessToken_thenRefused(String kind) {
    claims.put("typ", kind);
    assertThat(refusal()).isIn(Refusal.WRONG_TOKEN_KIND, Refusal.BAD_CLAIM);
  }

  @Test
  void row5_whenThePayloadSaysBearer_thenAccepted() {
    claims.put("typ", "Bearer");
    assertThat(refusal()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"-300,true", "-6,true", "-5,true", "-4,false", "1,false"})
  void row9_expiredToken_isAcceptedForLessThanFiveSeconds(int expiresIn, boolean refused) {
    claims.put("iat", NOW.getEpochSecond() - 400).put("exp", NOW.getEpochSecond() + expiresIn);
    assertThat(refusal()).isEqualTo(refused ? Refusal.EXPIRED : null);
  }

  @FieldReport("https://github.com/tymondesigns/jwt-auth/issues/1053")
  @ParameterizedTest
  @CsvSource({"8,false", "60,false", "61,true", "3600,true"})
  void row9_iatMayLieInTheFutureByTheClockSkew(int issuedIn, boolean refused) {
    claims
        .put("iat", NOW.getEpochSecond() + issuedIn)
        .put("exp", NOW.getEpochSecond() + issuedIn + 60);
    assertThat(refusal()).isEqualTo(refused ? Refusal.NOT_YET_VALID : null);
  }

  @ParameterizedTest
  @CsvSource({"-1,false", "60,false", "61,true"})
  void row9_aTokenIsNotUsedBeforeItsTime(int validIn, boolean refused) {
    claims.put("nbf", NOW.getEpochSecond() + validIn);
    assertThat(refusal()).isEqualTo(refused ? Refusal.NOT_YET_VALID : null);
  }

  @ParameterizedTest
  @CsvSource({"600,false", "601,true", "86400,true"})
  void row9_aTokenLivesAtMostTenMinutes(int lifetime, boolean refused) {
    claims.put("exp", NOW.getEpochSecond() + lifetime);
    assertThat(refusal()).isEqualTo(refused ? Refusal.LIFETIME_TOO_LONG : null);
  }

  @Test
  void row9_expiryNotAfterIssue_isRefused() {
    claims.put("exp", NOW.getEpochSecond());
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "exp", "iat", "jti", "sid", "client_id"})
  void row10_whenARequiredClaimIsMissingOrOfAnotherType_thenRefused(String claim) {
    claims.remove(claim);
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
    claims.putNull(claim);
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
    claims.put(claim, true);
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
    claims.putObject(claim);
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
  }

  @Test
  void row10_azpStandsInForClientId() {
    claims.remove("client_id");
    claims.put("azp", "task-cli");
    assertThat(refusal()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "\"\"",
        "\"me\"",
        "\"0190A5B4-7C3E-7D21-9A56-3F2B1C0D4E5F\"",
        "\"0190a5b47c3e7d219a563f2b1c0d4e5f\"",
        "\"{0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f}\"",
        "\"190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f\"",
        "\"0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f \"",
        "[\"0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f\"]"
      })
  void row10_whenTheSubjectIsNoCanonicalUuid_thenRefused(String subject) {
    claims.set("sub", JSON.readTree(subject));
    assertThat(refusal()).isEqualTo(Refusal.BAD_SUBJECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1800000000\"",
        "1800000000.0",
        "1.8e9",
        "1e300",
        "-1",
        "9999999999999",
        "99999999999999999999",
        "[1800000000]",
        "true"
      })
  void row15_whenADateIsNoSaneInteger_thenRefused(String date) {
    for (var claim : new String[] {"iat", "exp", "nbf"}) {
      var changed = claims.deepCopy();
      changed.set(claim, JSON.readTree(date));
      assertThat(refusal(changed)).as(claim).isEqualTo(Refusal.BAD_CLAIM);
    }
  }

  @Test
  void row23_whenTheTokenIsBoundToAKey_thenTheThumbprintIsKnown() {
    claims.put("typ", "DPoP").putObject("cnf").put("jkt", THUMBPRINT).put("kc-jkt-type", "DPoP");
    assertThat(refusal()).isNull();
    assertThat(AccessToken.read(claims))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            token -> assertThat(((AccessToken) token.value()).boundTo()).isEqualTo(THUMBPRINT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "\"" + THUMBPRINT + "\"",
        "[\"" + THUMBPRINT + "\"]",
        "{\"jkt\":null}",
        "{\"jkt\":\"\"}",
        "{\"jkt\":7}",
        "{\"jkt\":\"" + THUMBPRINT + "A\"}",
        "{\"jkt\":\"" + THUMBPRINT + "=\"}",
        "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J\"}",
        "{\"x5t#S256\":\"" + THUMBPRINT + "\"}",
        "{\"jkt\":\"" + THUMBPRINT + "\",\"x5t#S256\":\"" + THUMBPRINT + "\"}"
      })
  void row23_unsupportedBinding_isRefused(String confirmation) {
    claims.set("cnf", JSON.readTree(confirmation));
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
  }

  @Test
  void row23_whenTheTokenSaysDpopAndIsNotBound_thenRefused() {
    claims.put("typ", "DPoP");
    assertThat(refusal()).isEqualTo(Refusal.BAD_CLAIM);
  }

  private Refusal refusal() {
    return refusal(claims);
  }

  private Refusal refusal(ObjectNode payload) {
    return refusal(payload, rules);
  }

  private static Refusal refusal(ObjectNode payload, AccessTokenRules rules) {
    return switch (AccessToken.read(payload)) {
      case Verdict.Refused<AccessToken> refused -> refused.reason();
      case Verdict.Accepted<AccessToken> token -> rules.refusal(token.value(), NOW);
    };
  }
}
