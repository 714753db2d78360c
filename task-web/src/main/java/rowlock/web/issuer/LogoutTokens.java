/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;
import rowlock.limit.Buckets;
import rowlock.limit.ClientBlock;
import rowlock.web.audit.Refusal;
import rowlock.web.settings.IssuerSettings;

/**
 * Validates logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6). Cheap checks come
 * first: format, header, issuer, audience and key id, then the signature.
 */
@Component
public final class LogoutTokens {
  private static final String TYPE = "logout+jwt";
  private static final int MAX_LENGTH = 8 * 1024;
  private static final int MAX_KEY_ID_LENGTH = 255;

  /** Maximum signature checks per second for all senders that are over their budget. */
  private static final int EXTRA_CHECKS = 100;

  private final IssuerSettings settings;
  private final IssuerKeys keys;
  private final IssuerTokens tokens;
  private final Buckets<LogoutTokens> extraChecks;

  /** Outcome of a check. */
  public sealed interface Verdict {
    /** The token is valid. */
    record Accepted(Jwt token) implements Verdict {}

    /**
     * The token is not valid.
     *
     * @param kid key id of the token, or null if it has none
     */
    record Refused(Refusal reason, @Nullable String kid) implements Verdict {}

    /** The issuer's keys cannot be read; the token may be valid. */
    record Unavailable() implements Verdict {}
  }

  LogoutTokens(IssuerSettings settings, IssuerKeys keys, IssuerTokens tokens, Ticker ticker) {
    this.settings = settings;
    this.keys = keys;
    this.tokens = tokens;
    this.extraChecks = new Buckets<>(EXTRA_CHECKS, Duration.ofSeconds(1), 1, ticker);
  }

  /**
   * Checks a token.
   *
   * @param overBudget whether the sender has failed too often. No key is fetched for such a sender,
   *     and its signatures are checked within a limit, so that valid tokens are still accepted if
   *     an attacker shares the issuer's address
   */
  public Verdict check(String text, ClientBlock sender, boolean overBudget) {
    String kid = null;
    try {
      var token = parse(text);
      kid = token.getHeader().getKeyID();
      if (!isLogoutHeader(token.getHeader())) {
        return new Verdict.Refused(Refusal.LOGOUT_TOKEN_MALFORMED, kid);
      }
      if (!isAddressedToUs(token.getJWTClaimsSet())) {
        return new Verdict.Refused(Refusal.LOGOUT_TOKEN_INVALID, kid);
      }
      if (!(overBudget ? keys.knows(kid) : keys.knows(kid, sender))) {
        return new Verdict.Refused(Refusal.LOGOUT_TOKEN_UNKNOWN_KEY, kid);
      }
      if (overBudget && !extraChecks.take(this)) {
        return new Verdict.Refused(Refusal.OVER_BUDGET, kid);
      }
      return new Verdict.Accepted(tokens.logoutTokens().decode(text));
    } catch (ParseException e) {
      return new Verdict.Refused(Refusal.LOGOUT_TOKEN_MALFORMED, kid);
    } catch (BadJwtException e) {
      return new Verdict.Refused(Refusal.LOGOUT_TOKEN_INVALID, kid);
    } catch (JwtException | IssuerUnavailableException e) {
      return new Verdict.Unavailable();
    }
  }

  private static SignedJWT parse(String text) throws ParseException {
    if (text.length() > MAX_LENGTH) {
      throw new ParseException("too long", MAX_LENGTH);
    }
    return SignedJWT.parse(text);
  }

  private boolean isLogoutHeader(JWSHeader header) {
    return header.getType() != null
        && header.getType().getType().equalsIgnoreCase(TYPE)
        && settings.algorithms().contains(header.getAlgorithm().getName())
        && header.getKeyID() != null
        && header.getKeyID().length() <= MAX_KEY_ID_LENGTH;
  }

  private boolean isAddressedToUs(JWTClaimsSet claims) {
    return settings.issuer().equals(claims.getIssuer())
        && claims.getAudience().contains(settings.clientId());
  }
}
