/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import rowlock.api.settings.ClientSettings;

/** Tells Tomcat who a client is, and puts problems in the place of its error pages. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> clientAddresses(
      ClientSettings clients) {
    return factory ->
        factory.addEngineValves(
            new ClientAddressValve(new ClientAddress(clients.trustedProxies())));
  }

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemReports(
      ProblemWriter problems) {
    return factory -> {
      factory.addConnectorCustomizers(
          connector ->
              connector.setProperty(
                  "maxHeaderCount", Integer.toString(ProblemReportValve.HEADER_LIMIT)));
      factory.addContextCustomizers(
          context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass("");
            host.getPipeline().addValve(new ProblemReportValve(problems));
          });
    };
  }
}
