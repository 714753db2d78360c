/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JWS in its one canonical compact form (RFC 7515 section 7.1): three parts, each of them
 * canonical base64url, the first a strict JSON object. Parsed before any cryptography, so that each
 * token has one spelling and no key is touched for what can be seen to be wrong. What it says is
 * for others to judge.
 *
 * @param header the JOSE header
 * @param payload the second part, still as base64url
 * @param signingInput what the signature covers
 * @param signature the third part, still as base64url
 */
record CompactForm(ObjectNode header, String payload, String signingInput, String signature) {

  /** Characters of any JWT but an access token. A proof of possession has a few hundred. */
  static final int MAX_LENGTH = 4096;

  /** Parses a JWT of at most {@link #MAX_LENGTH} characters, or returns what is wrong with it. */
  static Verdict<CompactForm> read(String text) {
    return read(text, MAX_LENGTH);
  }

  /**
   * Parses a JWT, or returns what is wrong with its form.
   *
   * @param maxLength in characters; a longer text is refused unread
   */
  static Verdict<CompactForm> read(String text, int maxLength) {
    if (text.length() > maxLength) {
      return new Verdict.Refused<>(Refusal.TOKEN_TOO_LONG);
    }
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (first < 0
        || second < 0
        || !Base64Url.isCanonical(text, 0, first)
        || !Base64Url.isCanonical(text, first + 1, second)
        || !Base64Url.isCanonical(text, second + 1, text.length())) {
      return new Verdict.Refused<>(Refusal.MALFORMED_TOKEN);
    }
    ObjectNode header = StrictJsonObject.read(Base64Url.decode(text.substring(0, first)));
    return header == null
        ? new Verdict.Refused<>(Refusal.MALFORMED_JSON)
        : new Verdict.Accepted<>(
            new CompactForm(
                header,
                text.substring(first + 1, second),
                text.substring(0, second),
                text.substring(second + 1)));
  }

  /** {@code alg}, when it is a text. */
  @Nullable String algorithm() {
    return text("alg");
  }

  /** {@code kid}, when it is a text, of whatever length. */
  @Nullable String kid() {
    return text("kid");
  }

  /**
   * Whether {@code typ} is this media type. They compare without case, and without the prefix that
   * the header may leave out (RFC 7515 section 4.1.9).
   */
  boolean isOfType(String type) {
    String named = text("typ");
    if (named == null) {
      return false;
    }
    String lower = named.toLowerCase(Locale.ROOT);
    return lower.equals(type) || lower.equals("application/" + type);
  }

  /**
   * The claims (RFC 7519 section 3), unverified; null when the payload is no strict JSON object.
   */
  @Nullable ObjectNode claims() {
    return StrictJsonObject.read(Base64Url.decode(payload));
  }

  private @Nullable String text(String member) {
    JsonNode node = header.get(member);
    return node != null && node.isString() ? node.stringValue() : null;
  }
}
