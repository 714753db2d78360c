/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import org.apache.catalina.core.StandardHost;
import org.apache.catalina.util.NetMaskSet;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import rowlock.api.settings.ServerSettings;
import rowlock.api.settings.TokenSettings;
import rowlock.limit.ClientAddress;
import rowlock.limit.FailureLog;
import rowlock.settings.ClientSettings;

/** Tells Tomcat who a client is, and puts problems in the place of its error pages. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> clientAddresses(
      ClientSettings clients) {
    NetMaskSet trusted = new NetMaskSet();
    clients.trustedProxies().forEach(trusted::add);
    return factory ->
        factory.addEngineValves(new ClientAddressValve(new ClientAddress(trusted::contains)));
  }

  /** The API explorer redirects to, and loads, addresses that it builds from the request. */
  @Bean
  FilterRegistrationBean<PublicPathFilter> explorerPaths(ServerSettings server) {
    String prefix = server.publicUrl().getRawPath();
    FilterRegistrationBean<PublicPathFilter> filter =
        new FilterRegistrationBean<>(new PublicPathFilter(prefix));
    filter.addUrlPatterns("/swagger-ui.html", "/swagger-ui/*", "/v3/api-docs/*");
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    filter.setEnabled(!prefix.isEmpty());
    return filter;
  }

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> headerSize(TokenSettings tokens) {
    return factory ->
        factory.addConnectorCustomizers(
            connector ->
                connector.setProperty(
                    "maxHttpRequestHeaderSize", Integer.toString(tokens.maxHeaderSize())));
  }

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemReports(
      ProblemWriter problems, CrossOrigin crossOrigin, FailureLog failures) {
    return factory -> {
      factory.addConnectorCustomizers(
          connector ->
              connector.setProperty(
                  "maxHeaderCount", Integer.toString(ProblemReportValve.HEADER_LIMIT)));
      factory.addContextCustomizers(
          context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass("");
            host.getPipeline().addValve(new ProblemReportValve(problems, crossOrigin, failures));
          });
    };
  }
}
