/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.limit.FailureLog;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemReports;
import rowlock.problem.ProblemResolver;
import rowlock.problem.ProblemWriter;
import rowlock.web.settings.ServerSettings;

/** Configures problems (RFC 9457) as answer to all errors, including those of Tomcat. */
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration {
  @Bean
  ProblemCatalogue problemCatalogue() {
    return WebProblem.catalogue();
  }

  @Bean
  ProblemWriter problemWriter(
      ProblemCatalogue catalogue, ServerSettings server, ObjectProvider<ProblemPage> html) {
    return new ProblemWriter(catalogue, server.publicUrl(), new PagePresentation(html));
  }

  @Bean
  ProblemResolver problemResolver(ProblemWriter problems, FailureLog failures) {
    return new ProblemResolver(problems, failures, List.of(new TransientFailureMapping(failures)));
  }

  @Bean
  ProblemReports problemReports(
      ProblemWriter problems, SecurityHeaders headers, FailureLog failures) {
    return new ProblemReports(
        problems,
        (request, response) -> {
          headers.addTo(response);
          response.setHeader("Cache-Control", "no-store");
        },
        failures);
  }
}
