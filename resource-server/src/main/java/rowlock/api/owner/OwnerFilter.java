/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.owner;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;
import rowlock.api.token.UsedProof;

/** Binds the owner for the duration of the request, after the security filters. */
@Component
@Order(SecurityFilterProperties.DEFAULT_FILTER_ORDER + 1)
final class OwnerFilter implements Filter {
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (SecurityContextHolder.getContext().getAuthentication()
        instanceof JwtAuthenticationToken authentication) {
      // the operation may throw one checked type only: the other is returned as its result
      var failure =
          ownerOf(authentication.getToken(), authentication.getDetails())
              .call(
                  () -> {
                    try {
                      chain.doFilter(request, response);
                      return null;
                    } catch (IOException e) {
                      return e;
                    }
                  });
      if (failure != null) {
        throw failure;
      }
    } else {
      chain.doFilter(request, response);
    }
  }

  /** The token rules guarantee all four claims. */
  private static Owner ownerOf(Jwt token, @Nullable Object details) {
    var issuedAt = token.getIssuedAt();
    var sessionId = token.getClaimAsString("sid");
    var clientId = token.getClaimAsString(token.hasClaim("client_id") ? "client_id" : "azp");
    if (issuedAt == null || sessionId == null || clientId == null) {
      throw new IllegalStateException("A verified token has no iat, sid or client_id");
    }
    Owner.Proof proof =
        details instanceof UsedProof used
            ? new Owner.Proof(used.id(), used.issuedAt(), UUID.randomUUID())
            : null;
    return new Owner(UUID.fromString(token.getSubject()), sessionId, clientId, issuedAt, proof);
  }
}
