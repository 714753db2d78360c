/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import io.micrometer.core.instrument.MeterRegistry;
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
import rowlock.request.RequestTimers;

/** Records each request in the metric {@code http.server.requests}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestMetricsFilter implements Filter {
  private final RequestTimers timers;

  RequestMetricsFilter(MeterRegistry meters) {
    this.timers = new RequestTimers(meters);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var measured = timers.start((HttpServletRequest) request, (HttpServletResponse) response);
    try {
      chain.doFilter(request, response);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      measured.failed(e);
      throw e;
    } finally {
      measured.end();
    }
  }
}
