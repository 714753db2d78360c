/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A signed token in compact form (RFC 7515 section 7.1) of which only the form is known to be good.
 * Parsed strictly before any cryptography, so that each token has one spelling and no key is
 * touched for what can be seen to be wrong.
 *
 * @param algorithm the {@code alg} header
 * @param kid the {@code kid} header
 * @param payload the claims, unverified
 * @param signingInput what the signature covers
 * @param signature the third part, still as base64url
 */
record CompactJws(
    String algorithm, String kid, ObjectNode payload, String signingInput, String signature) {

  private static final int MAX_KID = 64;

  /** Ways for a token to say which key it wants to be checked with (RFC 7515 section 4.1). */
  private static final Set<String> KEYS_OF_ITS_OWN = Set.of("jwk", "jku", "x5u", "x5c");

  /** Parses a token, or says what is wrong with its form. */
  static Verdict<CompactJws> parse(String token) {
    return switch (CompactForm.read(token)) {
      case Verdict.Refused<CompactForm> refused -> refused.forward();
      case Verdict.Accepted<CompactForm> form -> parse(form.value());
    };
  }

  private static Verdict<CompactJws> parse(CompactForm form) {
    ObjectNode header = form.header();
    String kid = text(header.get("kid"));
    Refusal refusal = refusal(header, kid);
    if (refusal != null || kid == null) {
      return new Verdict.Refused<>(refusal == null ? Refusal.BAD_KEY_ID : refusal, kid, null);
    }
    ObjectNode payload = StrictJsonObject.read(Base64Url.decode(form.payload()));
    String algorithm = text(header.get("alg"));
    if (payload == null || algorithm == null) {
      return new Verdict.Refused<>(
          payload == null ? Refusal.MALFORMED_JSON : Refusal.WRONG_ALGORITHM, kid, null);
    }
    return new Verdict.Accepted<>(
        new CompactJws(algorithm, kid, payload, form.signingInput(), form.signature()));
  }

  private static @Nullable Refusal refusal(ObjectNode header, @Nullable String kid) {
    // "b64" is only lawful together with "crit" (RFC 7797 section 6).
    if (header.has("crit") || header.has("b64")) {
      return Refusal.CRITICAL_HEADER;
    }
    if (KEYS_OF_ITS_OWN.stream().anyMatch(header::has)) {
      return Refusal.EMBEDDED_KEY;
    }
    String type = text(header.get("typ"));
    if (type == null || !isAccessTokenType(type)) {
      return Refusal.WRONG_TYPE;
    }
    return kid != null && isKeyId(kid) ? null : Refusal.BAD_KEY_ID;
  }

  /** Media types compare without case (RFC 7515 section 4.1.9, RFC 9068 section 4). */
  private static boolean isAccessTokenType(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.equals("at+jwt") || lower.equals("application/at+jwt");
  }

  /** Short visible ASCII: it is looked up, logged and nothing else. */
  static boolean isKeyId(String kid) {
    return !kid.isEmpty()
        && kid.length() <= MAX_KID
        && kid.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node != null && node.isString() ? node.stringValue() : null;
  }
}
