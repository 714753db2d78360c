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
 * Refuses what another site's page has a browser send, going by what browsers say of themselves
 * (Fetch Metadata, and the header Origin of RFC 6454). It stands in front of the CSRF token, not in
 * its place: old browsers say nothing.
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
    String site = request.getHeader("Sec-Fetch-Site");
    String from = request.getHeader("Origin");
    boolean safe = SAFE.contains(request.getMethod());
    boolean sameSite = site == null || site.equals("same-origin") || (safe && site.equals("none"));
    if (sameSite && (from == null || from.equals(origin))) {
      chain.doFilter(request, response);
    } else {
      log.refused(Refusal.CROSS_SITE, request, null);
      problems.write(response, WebProblem.CROSS_SITE);
    }
  }

  /** Pages may be linked to, and the issuer's messages come from no browser. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    boolean data =
        path.startsWith("/api/") || path.equals("/session") || path.startsWith("/account/");
    return path.equals(SecurityConfiguration.BACK_CHANNEL)
        || (SAFE.contains(request.getMethod()) && !data);
  }
}
