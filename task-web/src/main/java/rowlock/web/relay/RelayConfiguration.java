/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.limit.FailureLog;
import rowlock.problem.ProblemResolver;
import rowlock.problem.ProblemWriter;
import rowlock.web.session.Sessions;
import rowlock.web.settings.RelaySettings;

/** Configures what each relayed request passes. */
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
  /** Registers the relay beside Spring MVC, whose work relayed requests do not need. */
  @Bean
  ServletRegistrationBean<RelayServlet> relayServlet(
      Sessions sessions,
      ApiClient api,
      ForwardedForHeader forwardedFor,
      RelaySettings settings,
      ProblemWriter problems,
      ProblemResolver resolver,
      FailureLog failures,
      MeterRegistry meters,
      Clock clock) {
    return new ServletRegistrationBean<>(
        new RelayServlet(
            sessions, api, forwardedFor, settings, problems, resolver, failures, meters, clock),
        RelayServlet.PATHS);
  }
}
