/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers 403 if method security denies a request with a token. A general exception handler of the
 * application would answer it as a failure.
 */
final class AccessDeniedExceptionResolver implements HandlerExceptionResolver, Ordered {
  private final RefusalHandler refusals;

  AccessDeniedExceptionResolver(RefusalHandler refusals) {
    this.refusals = refusals;
  }

  /**
   * Runs after the check of the revocation ledger, and before exception handlers of the
   * application.
   */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE + 60;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!(failure instanceof AccessDeniedException denied)
        || !(SecurityContextHolder.getContext().getAuthentication()
            instanceof JwtAuthenticationToken)) {
      return null;
    }
    try {
      refusals.handle(request, response, denied);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelAndView();
  }
}
