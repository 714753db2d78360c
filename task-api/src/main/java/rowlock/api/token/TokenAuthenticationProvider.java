/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.Duration;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import rowlock.api.audit.FailureBudget;
import rowlock.api.audit.Refusal;
import rowlock.api.token.PresentedToken.Scheme;

/** Lets a request in when its token is good and is presented in the way that it must be. */
final class TokenAuthenticationProvider implements AuthenticationProvider {

  private final AccessTokenVerifier verifier;
  private final FailureBudget budget;

  TokenAuthenticationProvider(AccessTokenVerifier verifier, FailureBudget budget) {
    this.verifier = verifier;
    this.budget = budget;
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return PresentedToken.class.isAssignableFrom(authentication);
  }

  /**
   * @throws RefusedTokenException when it is not good
   */
  @Override
  public JwtAuthenticationToken authenticate(Authentication credentials) {
    PresentedToken presented = (PresentedToken) credentials;
    VerifiedToken token = verified(presented);
    boolean bound = token.claims().boundTo() != null;
    if (bound && presented.scheme() == Scheme.BEARER) {
      // RFC 9449 section 7.1: no downgrade
      throw new RefusedTokenException(token.refused(Refusal.BOUND_TOKEN));
    }
    return new JwtAuthenticationToken(token.jwt(), token.authorities());
  }

  private VerifiedToken verified(PresentedToken presented) {
    Verdict<VerifiedToken> verdict = verifier.recall(presented.token());
    if (verdict == null) {
      // A token that is known costs nothing, so it goes on from an address that must wait.
      Duration wait = budget.untilNext(presented.request().clientAddress());
      if (wait.isPositive()) {
        throw RefusedTokenException.overBudget(wait);
      }
      verdict = verifier.verify(presented.token());
    }
    return switch (verdict) {
      case Verdict.Accepted<VerifiedToken> accepted -> accepted.value();
      case Verdict.Refused<VerifiedToken> refused -> throw new RefusedTokenException(refused);
    };
  }
}
