/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.util.Map;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Configures what each relayed request passes. */
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
  /**
   * Maps all methods to the relay, without the arguments and results of controllers. A controller
   * would not get {@code OPTIONS}, which Spring answers itself.
   */
  @Bean
  SimpleUrlHandlerMapping relayMapping(RelayController relay) {
    return new SimpleUrlHandlerMapping(Map.of("/api/**", relay), Ordered.HIGHEST_PRECEDENCE);
  }

  /** Switches off a filter whose work the dispatcher servlet repeats. */
  @Bean
  FilterRegistrationBean<RequestContextFilter> noRequestContextFilter() {
    var filter = new FilterRegistrationBean<>(new RequestContextFilter());
    filter.setEnabled(false);
    return filter;
  }
}
