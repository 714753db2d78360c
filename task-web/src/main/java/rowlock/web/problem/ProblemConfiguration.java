/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.limit.FailureLog;

/** Puts problems in the place of Tomcat's error pages. */
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration {

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemReports(
      ProblemWriter problems, SecurityHeaders headers, FailureLog failures) {
    return factory -> {
      factory.addConnectorCustomizers(
          connector ->
              connector.setProperty(
                  "maxHeaderCount", Integer.toString(ProblemReportValve.HEADER_LIMIT)));
      factory.addContextCustomizers(
          context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass("");
            host.getPipeline().addValve(new ProblemReportValve(problems, headers, failures));
          });
    };
  }
}
