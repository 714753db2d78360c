/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import rowlock.api.settings.CorsSettings;
import rowlock.problem.ProblemWriter;

/**
 * Allows scripts of the configured origins to call the API (CORS protocol of the Fetch standard).
 * Responses to other origins carry no CORS headers, so browsers refuse them. Credentials mode is
 * never allowed: the API takes tokens from headers, not cookies.
 */
@Component
final class CrossOrigin {
  private static final List<String> EXPOSED =
      List.of("ETag", "Link", "Location", "Retry-After", "WWW-Authenticate");

  private final Set<String> origins;
  private final CorsConfiguration rules = new CorsConfiguration();
  private final Processor processor;

  CrossOrigin(CorsSettings settings, ProblemWriter problems) {
    this.origins = settings.origins();
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
    rules.setExposedHeaders(EXPOSED);
    rules.setMaxAge(Duration.ofMinutes(10));
    this.processor = new Processor(problems);
  }

  /**
   * Adds the CORS headers of a response.
   *
   * @return false if the response is complete: a preflight request, or a request that the rules
   *     refuse
   */
  boolean admits(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (origins.isEmpty()) {
      return true;
    }
    if (!isConfigured(request.getHeader(HttpHeaders.ORIGIN))) {
      // keeps caches from serving this response to a configured origin
      response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
      return true;
    }
    var admitted = processor.processRequest(rules, request, response);
    return admitted && !CorsUtils.isPreFlightRequest(request);
  }

  /**
   * Adds the CORS headers of an error response that is written outside of the filters.
   *
   * @param origin the Origin header; null if the request has none, or its headers were not read
   */
  void addHeaders(@Nullable String origin, HttpServletResponse response) {
    if (origins.isEmpty()) {
      return;
    }
    response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    if (isConfigured(origin)) {
      response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
      response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", EXPOSED));
    }
  }

  private boolean isConfigured(@Nullable String origin) {
    return origin != null && origins.contains(origin);
  }

  /** Refuses a request with a problem instead of Spring's text. */
  private static final class Processor extends DefaultCorsProcessor {
    private final byte[] refusal;

    Processor(ProblemWriter problems) {
      this.refusal = problems.body(ApiProblem.CROSS_ORIGIN);
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) throws IOException {
      response.setStatusCode(HttpStatusCode.valueOf(ApiProblem.CROSS_ORIGIN.status()));
      response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
      response.getHeaders().setContentLength(refusal.length);
      response.getBody().write(refusal);
      response.flush();
    }
  }
}
