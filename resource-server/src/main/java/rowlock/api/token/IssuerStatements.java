/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import rowlock.api.audit.Refusal;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the issuer says to this API itself, other than access tokens: signed objects of another
 * {@code typ}, through the same parser, keys and algorithms.
 */
public final class IssuerStatements {

  private final IssuerSignature signature;

  IssuerStatements(IssuerSignature signature) {
    this.signature = signature;
  }

  /**
   * The claims of a signed object, of which nothing but form, type and signature has been checked.
   * What costs least comes first, the signature last.
   *
   * @param text the compact form, as it came
   * @param type the {@code typ} that it must have (RFC 8725 section 3.11), without {@code
   *     application/}
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
    ObjectNode claims = parsed.claims();
    if (claims == null) {
      return new Verdict.Refused<>(Refusal.MALFORMED_JSON, parsed.kid(), null);
    }
    return switch (signature.check(parsed)) {
      case Verdict.Refused<IssuerKey> refused -> refused.forward();
      case Verdict.Accepted<IssuerKey> key -> new Verdict.Accepted<>(claims);
    };
  }
}
