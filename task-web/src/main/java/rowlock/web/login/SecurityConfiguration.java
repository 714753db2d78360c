/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
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
   * Makes the same checks of relayed requests as {@link #chain}, by the filters that do so only.
   * Their order matters: the session is resolved before its CSRF token is compared.
   */
  @Bean
  @Order(1)
  SecurityFilterChain relayChain(
      ServerSettings server,
      Sessions sessions,
      ProblemWriter problems,
      SecurityLog log,
      FailureLog failures) {
    var entryPoint = new ProblemEntryPoint(problems, log);
    var csrf = new CsrfFilter(CurrentSession.csrfTokens());
    csrf.setRequestHandler(new CsrfHeaderHandler());
    csrf.setAccessDeniedHandler(entryPoint);
    var refusals = new ExceptionTranslationFilter(entryPoint, new NullRequestCache());
    refusals.setAccessDeniedHandler(entryPoint);
    return new DefaultSecurityFilterChain(
        SecurityConfiguration::isRelayed,
        new SecurityContextHolderFilter(new RequestAttributeSecurityContextRepository()),
        new SameOriginFilter(problems, log, server.publicUrl().toString()),
        new SessionFilter(sessions, problems, failures),
        csrf,
        refusals,
        new AuthorizationFilter(AuthenticatedAuthorizationManager.authenticated()));
  }

  /**
   * Returns whether the request is for the relay, by the path as it was sent and as the container
   * has mapped it.
   */
  private static boolean isRelayed(HttpServletRequest request) {
    return request.getServletPath().equals("/api") || request.getRequestURI().startsWith("/api/");
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
            csrf ->
                csrf.csrfTokenRepository(CurrentSession.csrfTokens())
                    .csrfTokenRequestHandler(new CsrfHeaderHandler())
                    .ignoringRequestMatchers(backChannel))
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
