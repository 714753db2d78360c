/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import rowlock.api.audit.Refusal;
import tools.jackson.databind.node.ObjectNode;

/**
 * Verifies issuer tokens other than access tokens (logout tokens, security event tokens): another
 * {@code typ}, with the same parser, keys and algorithms.
 */
public final class IssuerTokens {
  private final IssuerSignature signature;

  IssuerTokens(IssuerSignature signature) {
    this.signature = signature;
  }

  /**
   * Returns the claims of a token, of which only form, type and signature are verified. The
   * signature is verified last, because it costs most.
   *
   * @param text the compact serialization, as received
   * @param type the {@code typ} that it must have (RFC 8725 §3.11), without {@code application/}
   */
  public Verdict<ObjectNode> read(String text, String type) {
    return switch (CompactForm.read(text)) {
      case Verdict.Refused<CompactForm> refused -> refused.forward();
      case Verdict.Accepted<CompactForm> parsed -> read(parsed.value(), type);
    };
  }

  private Verdict<ObjectNode> read(CompactForm parsed, String type) {
    if (!parsed.isOfType(type)) {
      return new Verdict.Refused<>(Refusal.WRONG_TYPE, parsed.kid(), null);
    }
    var claims = parsed.claims();
    if (claims == null) {
      return new Verdict.Refused<>(Refusal.MALFORMED_JSON, parsed.kid(), null);
    }
    return switch (signature.check(parsed)) {
      case Verdict.Refused<IssuerKey> refused -> refused.forward();
      case Verdict.Accepted<IssuerKey> key -> new Verdict.Accepted<>(claims);
    };
  }
}
