/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;

/**
 * Answers 400 if a filter reads a parameter with invalid percent-encoding. {@link ProblemResolver}
 * answers those that a controller reads.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class MalformedParameterFilter implements Filter {
  private final ProblemWriter problems;

  MalformedParameterFilter(ProblemWriter problems) {
    this.problems = problems;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(request, response);
    } catch (InvalidParameterException e) {
      problems.write((HttpServletResponse) response, HttpProblem.BAD_REQUEST);
    }
  }
}
