/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A proof of possession of a key (RFC 9449 §4.2), of which only the form is verified.
 *
 * @param form the JWS
 * @param algorithm the {@code alg} header, one of {@link #ALGORITHMS}
 * @param key the {@code jwk} header: the public key of the proof
 * @param id {@code jti}
 * @param method {@code htm}
 * @param target {@code htu}
 * @param issuedAt {@code iat}
 * @param tokenHash {@code ath}
 */
record DpopProof(
    CompactForm form,
    JWSAlgorithm algorithm,
    ObjectNode key,
    String id,
    String method,
    String target,
    Instant issuedAt,
    String tokenHash) {

  /** Supported signature algorithms: those that browsers and devices provide. */
  static final List<String> ALGORITHMS = List.of("ES256", "PS256");

  /** The {@code typ} of proofs (RFC 9449 §4.2). */
  private static final String TYPE = "dpop+jwt";

  private static final int MAX_ID = 128;

  /** Maximum size of an RSA key, which limits the cost of the check. */
  private static final int MAX_RSA_BITS = 4096;

  /** Members of a private or secret key (RFC 7518 §6), which a proof must not contain. */
  private static final Set<String> SECRET_PARTS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  /** Parses a DPoP header; null if it is not a proof. */
  static @Nullable DpopProof parse(String line) {
    return CompactForm.read(line) instanceof Verdict.Accepted<CompactForm> read
        ? parse(read.value())
        : null;
  }

  private static @Nullable DpopProof parse(CompactForm form) {
    var header = form.header();
    var algorithm = form.algorithm();
    if (!form.isOfType(TYPE)
        || algorithm == null
        || !ALGORITHMS.contains(algorithm)
        || header.has("crit")
        || header.has("b64")
        || !(header.get("jwk") instanceof ObjectNode key)
        || SECRET_PARTS.stream().anyMatch(key::has)) {
      return null;
    }
    var claims = form.claims();
    return claims == null ? null : parse(form, JWSAlgorithm.parse(algorithm), key, claims);
  }

  private static @Nullable DpopProof parse(
      CompactForm form, JWSAlgorithm algorithm, ObjectNode key, ObjectNode claims) {
    var id = text(claims.get("jti"));
    var method = text(claims.get("htm"));
    var target = text(claims.get("htu"));
    var tokenHash = text(claims.get("ath"));
    var issuedAt = Claims.date(claims.get("iat"));
    return id == null
            || id.length() > MAX_ID
            || method == null
            || target == null
            || tokenHash == null
            || issuedAt == null
        ? null
        : new DpopProof(form, algorithm, key, id, method, target, issuedAt, tokenHash);
  }

  /**
   * Checks that the key of the proof has this thumbprint and has signed the proof.
   *
   * @param thumbprint SHA-256 thumbprint of a key (RFC 7638), in base64url
   */
  Possession possession(String thumbprint) {
    try {
      var jwk = JWK.parse(key.toString());
      if (!isFit(jwk)) {
        return Possession.UNFIT_KEY;
      }
      if (!jwk.computeThumbprint().toString().equals(thumbprint)) {
        return Possession.ANOTHER_KEY;
      }
      var verifier = KeySet.verifier(jwk, algorithm);
      if (verifier == null) {
        return Possession.UNFIT_KEY;
      }
      var signed =
          verifier.verify(
              new JWSHeader(algorithm),
              form.signingInput().getBytes(StandardCharsets.US_ASCII),
              new Base64URL(form.signature()));
      return signed ? Possession.PROVED : Possession.NOT_SIGNED;
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
      return Possession.UNFIT_KEY;
    }
  }

  /** The outcome of the check of a proof against a key. */
  enum Possession {
    /** The sender holds the key. */
    PROVED,
    /** The proof contains another key. */
    ANOTHER_KEY,
    /** The signature of the proof is invalid. */
    NOT_SIGNED,
    /** The proof contains no public key, a weak one, or one for another use. */
    UNFIT_KEY
  }

  private boolean isFit(JWK jwk) {
    return !jwk.isPrivate()
        && (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
        && (jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(algorithm.getName()))
        && KeySet.mayVerify(jwk)
        && !(jwk instanceof RSAKey rsa && rsa.size() > MAX_RSA_BITS);
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node != null && node.isString() && !node.stringValue().isEmpty()
        ? node.stringValue()
        : null;
  }
}
