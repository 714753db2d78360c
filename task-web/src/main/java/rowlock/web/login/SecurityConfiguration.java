/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.RequestMatcher;
import rowlock.limit.FailureLog;
import rowlock.problem.ProblemWriter;
import rowlock.request.RequestFirewall;
import rowlock.web.audit.SecurityLog;
import rowlock.web.issuer.Issuer;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionFilter;
import rowlock.web.session.Sessions;
import rowlock.web.settings.ServerSettings;

/**
 * Configures the filter chains of Spring Security: a short one for relayed requests, and one with
 * the login for all others.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
  /** Path of the back-channel logout endpoint. */
  static final String BACK_CHANNEL = "/logout/connect/back-channel/" + Issuer.REGISTRATION;

  /** Switches off observations, which wrap each filter of each request. */
  @Bean
  static SecurityObservationSettings securityObservation() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  static HttpFirewall firewall() {
    return new RequestFirewall();
  }

  /**
   * Makes the same checks of relayed requests as {@link #chain}, without the filters of the login.
   */
  @Bean
  @Order(1)
  SecurityFilterChain relayChain(
      HttpSecurity http,
      ServerSettings server,
      Sessions sessions,
      ProblemWriter problems,
      SecurityLog log,
      FailureLog failures)
      throws Exception {
    var entryPoint = new ProblemEntryPoint(problems, log);
    // a path in another form that is mapped to the relay gets the other chain
    RequestMatcher relayed = request -> request.getRequestURI().startsWith("/api/");
    return http.securityMatcher(relayed)
        .authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
        .csrf(SecurityConfiguration::csrf)
        .addFilterBefore(
            new SameOriginFilter(problems, log, server.publicUrl().toString()), CsrfFilter.class)
        .addFilterBefore(new SessionFilter(sessions, problems, failures), CsrfFilter.class)
        .exceptionHandling(
            handling ->
                handling.authenticationEntryPoint(entryPoint).accessDeniedHandler(entryPoint))
        .securityContext(
            context ->
                context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
        .sessionManagement(AbstractHttpConfigurer::disable) // nothing creates one
        .requestCache(cache -> cache.requestCache(new NullRequestCache()))
        .headers(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .build();
  }

  private static void csrf(CsrfConfigurer<HttpSecurity> csrf) {
    csrf.csrfTokenRepository(CurrentSession.csrfTokens())
        .csrfTokenRequestHandler(new CsrfHeaderHandler());
  }

  @Bean
  @Order(2)
  SecurityFilterChain chain(
      HttpSecurity http,
      ServerSettings server,
      Sessions sessions,
      ProblemWriter problems,
      SecurityLog log,
      FailureLog failures,
      TokenEndpoint tokens,
      LoginRequestResolver requests,
      LoginCookies attempts,
      LoginResultHandler results,
      SessionAuthorizedClientRepository clients)
      throws Exception {
    var entryPoint = new ProblemEntryPoint(problems, log);
    RequestMatcher backChannel = request -> request.getRequestURI().equals(BACK_CHANNEL);
    return http.authorizeHttpRequests(
            rules ->
                rules
                    .requestMatchers("/api/**", "/account/**")
                    .authenticated()
                    .anyRequest()
                    .permitAll())
        .oauth2Login(
            login ->
                login
                    .loginPage(LoginRequestResolver.PATH)
                    .authorizationEndpoint(
                        endpoint ->
                            endpoint
                                .authorizationRequestResolver(requests)
                                .authorizationRequestRepository(attempts))
                    .tokenEndpoint(endpoint -> endpoint.accessTokenResponseClient(tokens.codes()))
                    .userInfoEndpoint(endpoint -> endpoint.oidcUserService(SignedInUser::new))
                    .authorizedClientRepository(clients)
                    .successHandler(results)
                    .failureHandler(results)
                    .withObjectPostProcessor(failureHandler(results)))
        .csrf(
            csrf -> {
              csrf(csrf);
              csrf.ignoringRequestMatchers(backChannel);
            })
        .addFilterBefore(
            new SameOriginFilter(problems, log, server.publicUrl().toString()), CsrfFilter.class)
        .addFilterBefore(new SessionFilter(sessions, problems, failures), CsrfFilter.class)
        .addFilterBefore(new CallbackBudgetFilter(problems, log), CsrfFilter.class)
        .exceptionHandling(
            handling ->
                handling.authenticationEntryPoint(entryPoint).accessDeniedHandler(entryPoint))
        // sessions are stored in the database and not in the servlet container
        .sessionManagement(
            management -> management.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.requestCache(new NullRequestCache()))
        // SecurityHeaders writes them, also for errors
        .headers(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(Customizer.withDefaults())
        .build();
  }

  /** Redirects to the page with the reason if the issuer's metadata is unavailable. */
  private static ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> failureHandler(
      LoginResultHandler results) {
    return new ObjectPostProcessor<>() {
      @Override
      public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F filter) {
        filter.setAuthenticationFailureHandler(results);
        return filter;
      }
    };
  }
}
