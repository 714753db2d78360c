/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;

/**
 * Answers 404 if a path leads to the relay only after it is decoded or normalized, such as {@code
 * /%61pi/me}. The relay uses the path as it was sent, and Spring cannot parse such a path.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class EncodedPathFilter implements Filter {
  private static final String PATH = RelayServlet.PATHS.replace("/*", "");

  private final ProblemWriter problems;

  EncodedPathFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var http = (HttpServletRequest) request;
    var path = http.getRequestURI();
    if (http.getServletPath().equals(PATH) && !path.equals(PATH) && !path.startsWith(PATH + "/")) {
      problems.write((HttpServletResponse) response, HttpProblem.NOT_FOUND);
    } else {
      chain.doFilter(request, response);
    }
  }
}
