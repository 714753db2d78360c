/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;
import rowlock.problem.ProblemWriter;
import rowlock.web.audit.Refusal;
import rowlock.web.audit.SecurityLog;
import rowlock.web.problem.WebProblem;

/**
 * Rejects requests that pages of other sites send, by Fetch Metadata and the header Origin (RFC
 * 6454). It complements the CSRF token and does not replace it, because old browsers send neither
 * header.
 */
final class SameOriginFilter extends OncePerRequestFilter {
  private static final Set<String> SAFE = Set.of("GET", "HEAD");

  private final ProblemWriter problems;
  private final SecurityLog log;
  private final String origin;

  SameOriginFilter(ProblemWriter problems, SecurityLog log, String origin) {
    this.problems = problems;
    this.log = log;
    this.origin = origin;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var site = request.getHeader("Sec-Fetch-Site");
    var from = request.getHeader("Origin");
    var safe = SAFE.contains(request.getMethod());
    var sameSite = site == null || site.equals("same-origin") || (safe && site.equals("none"));
    if (sameSite && (from == null || from.equals(origin))) {
      chain.doFilter(request, response);
    } else {
      log.refused(Refusal.CROSS_SITE, request, null);
      problems.write(response, WebProblem.CROSS_SITE);
    }
  }

  /** Excludes pages, which other sites may link to, and back-channel logouts of the issuer. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getRequestURI();
    var data = path.startsWith("/api/") || path.equals("/session") || path.startsWith("/account/");
    return path.equals(SecurityConfiguration.BACK_CHANNEL)
        || (SAFE.contains(request.getMethod()) && !data);
  }
}
