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
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The first of our code that a request meets: the headers of every response and the limits of every
 * request, in one filter because each filter costs every request.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class EdgeFilter implements Filter {

  /** Bytes of a request body. A task is far smaller. */
  static final int BODY_LIMIT = 16 * 1024;

  /** Characters of path and query. */
  static final int TARGET_LIMIT = 2048;

  private final ProblemWriter problems;

  EdgeFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    addHeaders(answer);
    ProblemType refusal = refusal(http);
    if (refusal != null) {
      problems.write(answer, refusal);
    } else if (http.getContentLengthLong() < 0 && http.getHeader("Transfer-Encoding") != null) {
      chain.doFilter(new LimitedBody(http, BODY_LIMIT), answer);
    } else {
      chain.doFilter(http, answer);
    }
  }

  /** Answers belong to one user and to no cache, and are what their Content-Type says. */
  static void addHeaders(HttpServletResponse response) {
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("Vary", "Authorization");
    response.setHeader("X-Content-Type-Options", "nosniff");
  }

  private static @Nullable ProblemType refusal(HttpServletRequest request) {
    String query = request.getQueryString();
    if (request.getRequestURI().length() + (query == null ? 0 : query.length()) > TARGET_LIMIT) {
      return ProblemType.URI_TOO_LONG;
    }
    if (request.getContentLengthLong() > BODY_LIMIT) {
      return ProblemType.CONTENT_TOO_LARGE;
    }
    // A compressed body could be small here and large when read; JSON is UTF-8 (RFC 8259 section
    // 8.1).
    String charset = request.getCharacterEncoding();
    return request.getHeader("Content-Encoding") == null
            && (charset == null || charset.equalsIgnoreCase("UTF-8"))
        ? null
        : ProblemType.UNSUPPORTED_MEDIA_TYPE;
  }
}
