/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JWS in canonical compact serialization (RFC 7515 §7.1): three parts of canonical base64url, the
 * first a strict JSON object. Parsed before any cryptography, so that each token has one spelling
 * and a malformed one costs no signature check. The claims are not verified.
 *
 * @param header the JOSE header
 * @param payload the second part, still as base64url
 * @param signingInput the text that the signature covers
 * @param signature the third part, still as base64url
 */
record CompactForm(ObjectNode header, String payload, String signingInput, String signature) {

  /**
   * Maximum length of a JWT other than an access token. A proof of possession has a few hundred
   * characters.
   */
  static final int MAX_LENGTH = 4096;

  /**
   * Parses a JWT of up to {@link #MAX_LENGTH} characters, or returns the reason for its refusal.
   */
  static Verdict<CompactForm> read(String text) {
    return read(text, MAX_LENGTH);
  }

  /**
   * Parses a JWT, or returns the reason for its refusal.
   *
   * @param maxLength in characters; a longer text is rejected without parsing
   */
  static Verdict<CompactForm> read(String text, int maxLength) {
    if (text.length() > maxLength) {
      return new Verdict.Refused<>(Refusal.TOKEN_TOO_LONG);
    }
    var first = text.indexOf('.');
    var second = text.indexOf('.', first + 1);
    if (first < 0
        || second < 0
        || !Base64Url.isCanonical(text, 0, first)
        || !Base64Url.isCanonical(text, first + 1, second)
        || !Base64Url.isCanonical(text, second + 1, text.length())) {
      return new Verdict.Refused<>(Refusal.MALFORMED_TOKEN);
    }
    var header = StrictJsonObject.read(Base64Url.decode(text.substring(0, first)));
    return header == null
        ? new Verdict.Refused<>(Refusal.MALFORMED_JSON)
        : new Verdict.Accepted<>(
            new CompactForm(
                header,
                text.substring(first + 1, second),
                text.substring(0, second),
                text.substring(second + 1)));
  }

  /** Returns {@code alg}; null if it is not a string. */
  @Nullable String algorithm() {
    return text("alg");
  }

  /** Returns {@code kid} of any length; null if it is not a string. */
  @Nullable String kid() {
    return text("kid");
  }

  /**
   * Returns whether {@code typ} is this media type. The comparison ignores case and the optional
   * prefix (RFC 7515 §4.1.9).
   */
  boolean isOfType(String type) {
    var named = text("typ");
    if (named == null) {
      return false;
    }
    var lower = named.toLowerCase(Locale.ROOT);
    return lower.equals(type) || lower.equals("application/" + type);
  }

  /**
   * Returns the unverified claims (RFC 7519 §3); null if the payload is not a strict JSON object.
   */
  @Nullable ObjectNode claims() {
    return StrictJsonObject.read(Base64Url.decode(payload));
  }

  private @Nullable String text(String member) {
    var node = header.get(member);
    return node != null && node.isString() ? node.stringValue() : null;
  }
}
