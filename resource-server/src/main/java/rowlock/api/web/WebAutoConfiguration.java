/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import rowlock.api.settings.ServerSettings;
import rowlock.api.settings.TokenSettings;
import rowlock.limit.ClientAddresses;
import rowlock.limit.FailureLog;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemMapping;
import rowlock.problem.ProblemReports;
import rowlock.problem.ProblemResolver;
import rowlock.problem.ProblemWriter;
import rowlock.request.RequestTimers;
import rowlock.settings.ClientSettings;

/** Configures client addresses and limits in Tomcat, and replaces its error pages by problems. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({
  CrossOrigin.class,
  EdgeFilter.class,
  OpenApiConfiguration.class,
  ProblemPages.class,
  PublicAddress.class,
  StrictJson.class
})
class WebAutoConfiguration {
  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> rowlockClientAddresses(
      ClientSettings clients) {
    return factory -> factory.addEngineValves(new ClientAddressValve(new ClientAddresses(clients)));
  }

  /** Presents the public path to the API explorer, which builds addresses from the request. */
  @Bean
  FilterRegistrationBean<PublicPathFilter> rowlockExplorerPaths(ServerSettings server) {
    var prefix = server.publicUrl().getRawPath();
    FilterRegistrationBean<PublicPathFilter> filter =
        new FilterRegistrationBean<>(new PublicPathFilter(prefix));
    filter.addUrlPatterns("/swagger-ui.html", "/swagger-ui/*", "/v3/api-docs/*");
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    filter.setEnabled(!prefix.isEmpty());
    return filter;
  }

  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> rowlockHeaderSize(
      TokenSettings tokens) {
    return factory ->
        factory.addConnectorCustomizers(
            connector ->
                connector.setProperty(
                    "maxHttpRequestHeaderSize", Integer.toString(tokens.maxHeaderSize())));
  }

  /** An application with Micrometer Tracing has Spring's observation of requests instead. */
  @Bean
  @ConditionalOnMissingClass("io.micrometer.tracing.Tracer")
  RequestTimers rowlockRequestTimers(MeterRegistry meters) {
    return new RequestTimers(meters);
  }

  @Bean
  ProblemCatalogue rowlockProblemCatalogue() {
    return ApiProblem.catalogue();
  }

  @Bean
  ProblemWriter rowlockProblemWriter(ProblemCatalogue catalogue, ServerSettings server) {
    return new ProblemWriter(catalogue, server.publicUrl(), new Challenges(server.publicUrl()));
  }

  /** Runs before every exception handler of the application. */
  @Bean
  EngineProblemExceptionResolver rowlockEngineProblemExceptionResolver(
      ProblemWriter problems, ObjectProvider<ProblemMapping> mappings) {
    return new EngineProblemExceptionResolver(problems, mappings);
  }

  /** Runs after the exception handlers of the application. */
  @Bean
  WebMvcConfigurer rowlockRemainingProblems(ProblemWriter problems, FailureLog failures) {
    var resolver = new ProblemResolver(problems, failures, List.of(new RequestProblems()));
    return new WebMvcConfigurer() {
      @Override
      public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
        var behind = 0;
        for (var i = 0; i < resolvers.size(); i++) {
          if (resolvers.get(i) instanceof ExceptionHandlerExceptionResolver) {
            behind = i + 1;
          }
        }
        resolvers.add(behind, resolver);
      }
    };
  }

  @Bean
  ProblemReports rowlockProblemReports(
      ProblemWriter problems, CrossOrigin crossOrigin, FailureLog failures) {
    return new ProblemReports(
        problems,
        (request, response) -> {
          EdgeFilter.addHeaders(response);
          crossOrigin.addHeaders(request.getHeader(HttpHeaders.ORIGIN), response);
        },
        failures);
  }
}
