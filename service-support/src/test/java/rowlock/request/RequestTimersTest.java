/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

class RequestTimersTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RequestTimers timers = new RequestTimers(meters);
  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/x");
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @Test
  void thrownException_isCountedAsServerError() {
    var measured = timers.start(request, response);

    measured.failed(new ServletException(new IllegalStateException("a defect")));
    measured.end();

    assertThat(response.getStatus()).isEqualTo(500);
    assertThat(
            meters
                .get("http.server.requests")
                .tags("status", "500", "outcome", "SERVER_ERROR", "error", "IllegalStateException")
                .timer()
                .count())
        .isOne();
  }

  @Test
  void asynchronousRequest_isCountedWhenItCompletes() {
    request.setAsyncSupported(true);
    var measured = timers.start(request, response);
    var async = request.startAsync();

    measured.end();
    assertThat(meters.getMeters()).isEmpty();

    response.setStatus(202);
    async.complete();
    assertThat(meters.get("http.server.requests").tags("status", "202").timer().count()).isOne();
  }

  @Test
  void manyRoutes_areCountedAsUnknown() {
    for (var i = 0; i < 1_100; i++) {
      request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/" + i);
      timers.start(request, response).end();
    }

    assertThat(meters.getMeters()).hasSize(1_001);
    assertThat(
            meters
                .get("http.server.requests")
                .tags("uri", "UNKNOWN", "method", "UNKNOWN", "status", "200")
                .timer()
                .count())
        .isEqualTo(100);
  }
}
