/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/**
 * Lets scripts of the named origins call the API. To every other origin nothing is said at all,
 * which is how browsers are told no. Cookies are never invited: a token is a header.
 */
final class CrossOriginFilter implements Filter {

  private final Set<String> origins;
  private final CorsFilter named;

  CrossOriginFilter(Set<String> origins, ProblemWriter problems) {
    this.origins = Set.copyOf(origins);
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(List.copyOf(origins));
    rules.setAllowCredentials(false);
    rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    rules.setAllowedHeaders(
        List.of(
            "Authorization",
            "DPoP",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "Idempotency-Key"));
    rules.setExposedHeaders(List.of("ETag", "Link", "Location", "Retry-After", "WWW-Authenticate"));
    rules.setMaxAge(Duration.ofMinutes(10));
    this.named = new CorsFilter(request -> rules);
    named.setCorsProcessor(new Processor(problems));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String origin = ((HttpServletRequest) request).getHeader("Origin");
    if (origin != null && origins.contains(origin)) {
      named.doFilter(request, response, chain);
    } else {
      // or a cache could give this answer to an origin that is named
      ((HttpServletResponse) response).addHeader("Vary", "Origin");
      chain.doFilter(request, response);
    }
  }

  /** Refuses a preflight with a problem in the place of Spring's text. */
  private static final class Processor extends DefaultCorsProcessor {

    private final byte[] refusal;

    Processor(ProblemWriter problems) {
      this.refusal = problems.body(ProblemType.CROSS_ORIGIN, List.of());
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) throws IOException {
      response.setStatusCode(HttpStatusCode.valueOf(ProblemType.CROSS_ORIGIN.status()));
      response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
      response.getHeaders().setContentLength(refusal.length);
      response.getBody().write(refusal);
      response.flush();
    }
  }
}
