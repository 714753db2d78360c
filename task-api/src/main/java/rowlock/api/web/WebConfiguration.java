/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import rowlock.api.settings.ClientSettings;
import rowlock.api.settings.CorsSettings;

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

  /** Before the security filters: a preflight carries no token, and a refusal is to be read too. */
  @Bean
  FilterRegistrationBean<CrossOriginFilter> crossOriginFilter(
      CorsSettings cors, ProblemWriter problems) {
    FilterRegistrationBean<CrossOriginFilter> filter =
        new FilterRegistrationBean<>(new CrossOriginFilter(cors.origins(), problems));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    filter.setEnabled(!cors.origins().isEmpty());
    return filter;
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
