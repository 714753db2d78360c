/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.token.PresentedToken.RequestFacts;

/**
 * Verifies that the sender of a request holds the key that its token is bound to (RFC 9449 §4.3).
 * Called for valid tokens only, so that a request without one causes no signature check. Does not
 * check for replays.
 */
final class DpopProofVerifier {
  /**
   * Maximum difference between {@code iat} and the current time, in both directions: clocks of
   * clients are inaccurate.
   */
  static final Duration WINDOW = Duration.ofSeconds(30);

  private final TargetUri targets;
  private final Clock clock;

  /**
   * @param publicUrl the address clients use, without a slash at the end
   */
  DpopProofVerifier(URI publicUrl, Clock clock) {
    this.targets = new TargetUri(publicUrl);
    this.clock = clock;
  }

  /**
   * @param token a verified token
   * @param thumbprint of the key that the token is bound to
   */
  Verdict<UsedProof> verify(RequestFacts request, VerifiedToken token, String thumbprint) {
    var lines = request.proofs();
    if (lines.size() != 1) {
      return token.refused(Refusal.PROOF_MISSING);
    }
    var proof = DpopProof.parse(lines.getFirst());
    if (proof == null) {
      return token.refused(Refusal.PROOF_MALFORMED);
    }
    var refusal = refusal(proof, request, token, thumbprint);
    return refusal == null
        ? new Verdict.Accepted<>(new UsedProof(id(thumbprint, proof.id()), proof.issuedAt()))
        : token.refused(refusal);
  }

  /** Applies the cheap checks first, and verifies the signature last. */
  private @Nullable Refusal refusal(
      DpopProof proof, RequestFacts request, VerifiedToken token, String thumbprint) {
    if (!proof.method().equals(request.method())
        || !targets.isNamedBy(proof.target(), request.path())) {
      return Refusal.PROOF_OF_ANOTHER_REQUEST;
    }
    var now = clock.instant();
    if (proof.issuedAt().isBefore(now.minus(WINDOW))
        || proof.issuedAt().isAfter(now.plus(WINDOW))) {
      return Refusal.PROOF_NOT_CURRENT;
    }
    if (!proof.tokenHash().equals(hash(token.jwt().getTokenValue()))) {
      return Refusal.PROOF_OF_ANOTHER_TOKEN;
    }
    return switch (proof.possession(thumbprint)) {
      case PROVED -> null;
      case ANOTHER_KEY -> Refusal.PROOF_OF_ANOTHER_KEY;
      case NOT_SIGNED -> Refusal.PROOF_BAD_SIGNATURE;
      case UNFIT_KEY -> Refusal.PROOF_MALFORMED;
    };
  }

  /** Returns the {@code ath} of a token (RFC 9449 §4.2). */
  private static String hash(String token) {
    var digest = sha256().digest(token.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  /**
   * Returns an identifier of the proof. The thumbprint has a fixed length, so the concatenation is
   * unambiguous.
   */
  private static UUID id(String thumbprint, String jti) {
    var digest =
        ByteBuffer.wrap(sha256().digest((thumbprint + jti).getBytes(StandardCharsets.UTF_8)));
    return new UUID(digest.getLong(), digest.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
