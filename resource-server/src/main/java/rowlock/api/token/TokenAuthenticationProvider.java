/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import rowlock.api.audit.FailureBudget;
import rowlock.api.audit.Refusal;
import rowlock.api.token.PresentedToken.Scheme;

/**
 * Authenticates a request with a valid token: a bound token with the scheme DPoP and a proof of its
 * key, any other as a bearer token. Neither is accepted as the other (RFC 9449 §7.1).
 */
final class TokenAuthenticationProvider implements AuthenticationProvider {
  private final AccessTokenVerifier tokens;
  private final DpopProofVerifier proofs;
  private final FailureBudget budget;

  TokenAuthenticationProvider(
      AccessTokenVerifier tokens, DpopProofVerifier proofs, FailureBudget budget) {
    this.tokens = tokens;
    this.proofs = proofs;
    this.budget = budget;
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return PresentedToken.class.isAssignableFrom(authentication);
  }

  /**
   * @return the token, with the {@link UsedProof} as its details if it is bound
   * @throws RefusedTokenException if it is rejected
   */
  @Override
  public JwtAuthenticationToken authenticate(Authentication credentials) {
    var presented = (PresentedToken) credentials;
    var token = verified(presented);
    var thumbprint = token.claims().boundTo();
    if (presented.scheme() == Scheme.BEARER && thumbprint != null) {
      throw new RefusedTokenException(token.refused(Refusal.BOUND_TOKEN));
    }
    var accepted = new JwtAuthenticationToken(token.jwt(), token.authorities());
    if (presented.scheme() == Scheme.DPOP) {
      if (thumbprint == null) {
        throw new RefusedTokenException(token.refused(Refusal.UNBOUND_TOKEN));
      }
      accepted.setDetails(accepted(proofs.verify(presented.request(), token, thumbprint)));
    }
    return accepted;
  }

  private VerifiedToken verified(PresentedToken presented) {
    var known = tokens.recall(presented.token());
    if (known != null) {
      return accepted(known); // costs no signature check, so the budget does not apply
    }
    var wait = budget.untilNext(presented.request().clientAddress());
    if (wait.isPositive()) {
      throw RefusedTokenException.overBudget(wait);
    }
    return accepted(tokens.verify(presented.token()));
  }

  private static <T> T accepted(Verdict<T> verdict) {
    return switch (verdict) {
      case Verdict.Accepted<T> accepted -> accepted.value();
      case Verdict.Refused<T> refused -> throw new RefusedTokenException(refused);
    };
  }
}
