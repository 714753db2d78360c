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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import rowlock.problem.FieldError;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemWriter;
import rowlock.request.RequestTimers;

/**
 * Adds the headers of every response, applies the limits of every request, and counts requests. The
 * first filter of the engine; one filter, because each costs every request.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class EdgeFilter implements Filter {
  /** Maximum number of bytes of a request body. */
  static final int BODY_LIMIT = 16 * 1024;

  /** Maximum number of characters of path and query. */
  static final int TARGET_LIMIT = 2048;

  private final ProblemWriter problems;
  private final CrossOrigin crossOrigin;
  private final @Nullable RequestTimers timers;

  EdgeFilter(
      ProblemWriter problems, CrossOrigin crossOrigin, ObjectProvider<RequestTimers> timers) {
    this.problems = problems;
    this.crossOrigin = crossOrigin;
    this.timers = timers.getIfAvailable();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var http = (HttpServletRequest) request;
    var answer = new UnflushedResponse((HttpServletResponse) response);
    if (timers == null) {
      handle(http, answer, chain);
    } else {
      var measured = timers.start(http, answer);
      try {
        handle(http, answer, chain);
      } catch (IOException | ServletException | RuntimeException | Error e) {
        measured.failed(e);
        throw e;
      } finally {
        measured.end();
      }
    }
  }

  private void handle(HttpServletRequest http, HttpServletResponse answer, FilterChain chain)
      throws IOException, ServletException {
    addHeaders(answer);
    // before any refusal, so that scripts can read the refusal; and before the security filters: a
    // preflight request carries no token
    if (!crossOrigin.admits(http, answer)) {
      return;
    }
    var refusal = refusal(http);
    if (refusal != null) {
      problems.write(answer, refusal);
    } else if (http.getContentLengthLong() < 0 && http.getHeader("Transfer-Encoding") != null) {
      chain.doFilter(new LimitedBody(http, BODY_LIMIT), answer);
    } else {
      chain.doFilter(http, answer);
    }
  }

  /**
   * Adds headers: responses belong to one user, must not be cached, and have the type in
   * Content-Type.
   */
  static void addHeaders(HttpServletResponse response) {
    response.setHeader("Cache-Control", "private, no-store");
    response.setHeader("Vary", "Authorization");
    response.setHeader("X-Content-Type-Options", "nosniff");
  }

  private static @Nullable ProblemException refusal(HttpServletRequest request) {
    var query = request.getQueryString();
    if (request.getRequestURI().length() + (query == null ? 0 : query.length()) > TARGET_LIMIT) {
      return new ProblemException(HttpProblem.URI_TOO_LONG);
    }
    if (request.getContentLengthLong() > BODY_LIMIT) {
      return new ProblemException(HttpProblem.CONTENT_TOO_LARGE);
    }
    // A compressed body could be small here and large when read.
    if (isEncoded(Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)))) {
      return unsupported("header Content-Encoding must be absent or identity");
    }
    return isUtf8(request.getCharacterEncoding())
        ? null
        : unsupported("the charset of header Content-Type must be UTF-8");
  }

  private static ProblemException unsupported(String detail) {
    return new ProblemException(
        HttpProblem.UNSUPPORTED_MEDIA_TYPE, List.of(new FieldError("", detail)));
  }

  /** A list of content codings (RFC 9110 §8.4), of which {@code identity} changes nothing. */
  private static boolean isEncoded(List<String> lines) {
    return lines.stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::strip)
        .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"));
  }

  /**
   * Returns whether the charset is UTF-8 (RFC 8259 §8.1), under any name that Java supports, such
   * as utf8.
   */
  private static boolean isUtf8(@Nullable String charset) {
    if (charset == null) {
      return true;
    }
    try {
      return Charset.forName(charset).equals(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
