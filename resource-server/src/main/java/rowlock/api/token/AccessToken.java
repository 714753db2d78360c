/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The claims of an access token (RFC 9068 §2.2), each of the right type. {@link AccessTokenRules}
 * decides whether they are accepted.
 *
 * @param issuer {@code iss}
 * @param audience {@code aud}
 * @param subject {@code sub}, as text
 * @param clientId {@code client_id}, or {@code azp} if it is missing
 * @param issuedAt {@code iat}
 * @param expiresAt {@code exp}
 * @param notBefore {@code nbf}
 * @param kind the payload's {@code typ}, as Keycloak writes it
 * @param boundTo thumbprint of the key that the token is bound to, {@code cnf.jkt} (RFC 9449
 *     section 6.1); null if unbound
 * @param claims all claims, for Spring
 */
record AccessToken(
    String issuer,
    Set<String> audience,
    String subject,
    String clientId,
    Instant issuedAt,
    Instant expiresAt,
    @Nullable Instant notBefore,
    @Nullable String kind,
    @Nullable String boundTo,
    Map<String, Object> claims) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Characters of 32 bytes in base64url. */
  private static final int THUMBPRINT = 43;

  /** Other ways to bind a token to a key (RFC 7800 §3, RFC 8705 §3.1). */
  private static final Set<String> OTHER_BINDINGS = Set.of("jwk", "jwe", "kid", "jku", "x5t#S256");

  /**
   * Reads the claims of a token whose signature is valid. A refusal names the first claim that is
   * missing or of the wrong type.
   */
  static Verdict<AccessToken> read(ObjectNode payload) {
    var clientClaim = payload.has("client_id") ? "client_id" : "azp";
    var clientId = Claims.text(payload.get(clientClaim));
    var issuedAt = Claims.date(payload.get("iat"));
    var expiresAt = Claims.date(payload.get("exp"));
    var notBefore = Claims.date(payload.get("nbf"));
    var issuer = Claims.text(payload.get("iss"));
    var audience = Claims.audience(payload.get("aud"));
    var subject = Claims.text(payload.get("sub"));
    if (issuer == null) {
      return refused("iss", clientId);
    }
    if (audience == null) {
      return refused("aud", clientId);
    }
    if (clientId == null) {
      return refused("client_id", null);
    }
    if (issuedAt == null) {
      return refused("iat", clientId);
    }
    if (expiresAt == null || !expiresAt.isAfter(issuedAt)) {
      return refused("exp", clientId);
    }
    var claim = badClaim(payload, notBefore);
    if (claim != null) {
      return refused(claim, clientId);
    }
    if (subject == null || !Claims.isCanonicalUuid(subject)) {
      return new Verdict.Refused<>(Refusal.BAD_SUBJECT, null, clientId, "sub");
    }
    return new Verdict.Accepted<>(
        new AccessToken(
            issuer,
            audience,
            subject,
            clientId,
            issuedAt,
            expiresAt,
            notBefore,
            payload.has("typ") ? payload.get("typ").stringValue() : null,
            payload.has("cnf") ? thumbprint(payload.get("cnf")) : null,
            claims(payload, issuedAt, expiresAt, notBefore, audience)));
  }

  private static Verdict<AccessToken> refused(String claim, @Nullable String clientId) {
    return new Verdict.Refused<>(Refusal.BAD_CLAIM, null, clientId, claim);
  }

  /** Returns the first invalid claim of those that are only checked, or null. */
  private static @Nullable String badClaim(ObjectNode payload, @Nullable Instant notBefore) {
    if (notBefore == null && payload.has("nbf")) {
      return "nbf";
    }
    for (var claim : new String[] {"jti", "sid"}) {
      if (Claims.text(payload.get(claim)) == null) {
        return claim;
      }
    }
    for (var claim : new String[] {"typ", "scope"}) {
      if (!isTextOrAbsent(payload, claim)) {
        return claim;
      }
    }
    return isBoundAsItSays(payload) ? null : "cnf";
  }

  /** Returns the claims as Spring expects them: dates as instants, the audience as a list. */
  private static Map<String, Object> claims(
      ObjectNode payload,
      Instant issuedAt,
      Instant expiresAt,
      @Nullable Instant notBefore,
      Set<String> audience) {
    Map<String, Object> claims = new HashMap<>();
    for (var claim : payload.properties()) {
      if (!claim.getValue().isNull()) {
        claims.put(claim.getKey(), JSON.treeToValue(claim.getValue(), Object.class));
      }
    }
    claims.put("iat", issuedAt);
    claims.put("exp", expiresAt);
    if (notBefore != null) {
      claims.put("nbf", notBefore);
    }
    claims.put("aud", List.copyOf(audience));
    return claims;
  }

  /**
   * Rejects tokens with a binding that this API cannot check (such as RFC 8705): they must not pass
   * as unbound ones.
   */
  private static boolean isBoundAsItSays(ObjectNode payload) {
    var kind = payload.get("typ");
    var saysSo = kind != null && kind.isString() && kind.stringValue().equals("DPoP");
    return payload.has("cnf") ? thumbprint(payload.get("cnf")) != null : !saysSo;
  }

  /**
   * Returns the member {@code jkt} of {@code cnf}: a SHA-256 in base64url. Ignores unknown members
   * (RFC 7800 §3.1; Keycloak writes one), but not those that bind the token to a second key.
   */
  private static @Nullable String thumbprint(JsonNode confirmation) {
    var jkt = confirmation.get("jkt");
    if (jkt == null || !jkt.isString() || OTHER_BINDINGS.stream().anyMatch(confirmation::has)) {
      return null;
    }
    var text = jkt.stringValue();
    return text.length() == THUMBPRINT && Base64Url.isCanonical(text, 0, THUMBPRINT) ? text : null;
  }

  private static boolean isTextOrAbsent(ObjectNode payload, String claim) {
    var node = payload.get(claim);
    return node == null || node.isString();
  }
}
