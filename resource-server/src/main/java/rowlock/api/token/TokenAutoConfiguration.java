/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletContext;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatchers;
import org.springframework.web.context.WebApplicationContext;
import rowlock.api.audit.FailureBudget;
import rowlock.api.audit.SecurityLog;
import rowlock.api.settings.ServerSettings;
import rowlock.api.settings.TokenSettings;
import rowlock.problem.ProblemWriter;
import rowlock.request.RequestFirewall;

/** Configures Spring Security with the token checks, and without features for browser sessions. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({ProtectedResourceMetadata.class, StepUpConfiguration.class})
class TokenAutoConfiguration {
  /** Paths without authentication: metadata, API documentation, and problem pages. */
  @Bean
  static PublicPaths rowlockPublicPages() {
    return new PublicPaths(
        List.of(
            ProtectedResourceMetadata.PATH + "/**",
            "/v3/api-docs/**",
            "/v3/api-docs.yaml",
            "/swagger-ui/**",
            "/swagger-ui.html",
            "/problems/**"));
  }

  @Bean
  IssuerKeys.Timing rowlockIssuerKeysTiming() {
    return IssuerKeys.Timing.DEFAULT;
  }

  @Bean(initMethod = "start")
  IssuerKeys rowlockIssuerKeys(
      TokenSettings settings, Clock clock, MeterRegistry metrics, IssuerKeys.Timing timing) {
    return new IssuerKeys(settings, clock, metrics, timing);
  }

  @Bean
  IssuerKeysHealth issuerKeysHealthIndicator(IssuerKeys keys, Clock clock) {
    return new IssuerKeysHealth(keys, clock);
  }

  @Bean
  AccessTokenVerifier rowlockAccessTokenVerifier(
      TokenSettings settings, IssuerKeys keys, Clock clock) {
    return new AccessTokenVerifier(settings, keys, clock);
  }

  @Bean
  IssuerTokens rowlockIssuerTokens(TokenSettings settings, IssuerKeys keys) {
    return new IssuerTokens(new IssuerSignature(settings.algorithms(), keys));
  }

  @Bean
  TokenAuthenticationProvider rowlockTokenAuthenticationProvider(
      AccessTokenVerifier verifier, ServerSettings server, Clock clock, FailureBudget budget) {
    return new TokenAuthenticationProvider(
        verifier, new DpopProofVerifier(server.publicUrl(), clock), budget);
  }

  /**
   * Switches off Spring Security's observations, which wrap each filter of each request: the
   * metrics of the engine count refusals, and the log names their reason.
   */
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnMissingClass("io.micrometer.tracing.Tracer")
  static SecurityObservationSettings rowlockSecurityObservation() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  @ConditionalOnMissingBean
  static HttpFirewall rowlockFirewall() {
    return new RequestFirewall();
  }

  /**
   * Permits health and metrics. They are always on a port of their own ({@link ServerSettings}) and
   * have a servlet context of their own, so a request of the public port is not compared with their
   * paths.
   *
   * @param application the servlet context of the public port
   */
  @Bean
  @Order(1)
  SecurityFilterChain rowlockManagementSecurity(HttpSecurity http, ServletContext application) {
    RequestMatcher ofOtherPort = request -> request.getServletContext() != application;
    return stateless(http)
        .securityMatcher(RequestMatchers.allOf(ofOtherPort, EndpointRequest.toAnyEndpoint()))
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain rowlockPublicSecurity(HttpSecurity http, List<PublicPaths> paths) {
    return stateless(http)
        .securityMatcher(
            paths.stream().flatMap(some -> some.patterns().stream()).toArray(String[]::new))
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  AccessDeniedExceptionResolver rowlockAccessDeniedExceptionResolver(
      ProblemWriter problems, SecurityLog log) {
    return new AccessDeniedExceptionResolver(new RefusalHandler(problems, log));
  }

  /** Ordered after every chain of the application; takes all remaining requests. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  SecurityFilterChain rowlockApiSecurity(
      HttpSecurity http,
      TokenAuthenticationProvider provider,
      ProblemWriter problems,
      SecurityLog log) {
    var refusals = new RefusalHandler(problems, log);
    return stateless(http)
        .anonymous(AbstractHttpConfigurer::disable)
        .addFilterAt(tokens(provider, refusals), BearerTokenAuthenticationFilter.class)
        .exceptionHandling(
            handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .build();
  }

  @Bean
  static FilterChainGuard rowlockFilterChainGuard(
      @Qualifier("springSecurityFilterChain") FilterChainProxy proxy,
      @Qualifier("rowlockApiSecurity") SecurityFilterChain engine,
      WebApplicationContext beans) {
    return new FilterChainGuard(proxy, engine, beans);
  }

  /** Spring's generic filter: its filter for bearer tokens would reject bound tokens. */
  private static AuthenticationFilter tokens(
      TokenAuthenticationProvider provider, RefusalHandler refusals) {
    var filter = new AuthenticationFilter(new ProviderManager(provider), new AuthorizationHeader());
    filter.setSecurityContextRepository(new RequestAttributeSecurityContextRepository());
    filter.setSuccessHandler((request, response, authentication) -> {}); // the request goes on
    filter.setFailureHandler(refusals::commence);
    return filter;
  }

  private static HttpSecurity stateless(HttpSecurity http) {
    return http.sessionManagement(AbstractHttpConfigurer::disable) // the API creates none
        .securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .csrf(AbstractHttpConfigurer::disable) // no credentials that browsers send automatically
        .requestCache(AbstractHttpConfigurer::disable)
        .headers(AbstractHttpConfigurer::disable) // EdgeFilter sets those that an API needs
        .logout(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable);
  }
}
