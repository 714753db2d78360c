/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.RequestMatcher;
import rowlock.limit.FailureLog;
import rowlock.problem.ProblemWriter;
import rowlock.web.audit.SecurityLog;
import rowlock.web.issuer.Issuer;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionFilter;
import rowlock.web.session.Sessions;
import rowlock.web.settings.ServerSettings;

/** The one chain that every request passes. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  /** Where the issuer tells that a session has ended. */
  static final String BACK_CHANNEL = "/logout/connect/back-channel/" + Issuer.REGISTRATION;

  @Bean
  SecurityFilterChain chain(
      HttpSecurity http,
      ServerSettings server,
      Sessions sessions,
      ProblemWriter problems,
      SecurityLog log,
      FailureLog failures,
      TokenEndpoint tokens,
      LoginRequests requests,
      LoginCookies attempts,
      LoginOutcome outcome,
      NewSessions newSessions)
      throws Exception {
    Refusals refusals = new Refusals(problems, log);
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
                    .loginPage(LoginRequests.PATH)
                    .authorizationEndpoint(
                        endpoint ->
                            endpoint
                                .authorizationRequestResolver(requests)
                                .authorizationRequestRepository(attempts))
                    .tokenEndpoint(endpoint -> endpoint.accessTokenResponseClient(tokens.codes()))
                    .userInfoEndpoint(endpoint -> endpoint.oidcUserService(SignedIn::new))
                    .authorizedClientRepository(newSessions)
                    .successHandler(outcome)
                    .failureHandler(outcome)
                    .withObjectPostProcessor(outcomeOf(outcome)))
        .csrf(
            csrf ->
                csrf.csrfTokenRepository(CurrentSession.csrfTokens())
                    .csrfTokenRequestHandler(new CsrfHeader())
                    .ignoringRequestMatchers(backChannel))
        .addFilterBefore(
            new SameOriginFilter(problems, log, server.publicUrl().toString()), CsrfFilter.class)
        .addFilterBefore(new SessionFilter(sessions, problems, failures), CsrfFilter.class)
        .addFilterBefore(new CallbackBudgetFilter(problems, log), CsrfFilter.class)
        .exceptionHandling(
            handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
        // sessions are ours; what Spring would keep in the servlet container's is kept nowhere
        .sessionManagement(
            management -> management.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(cache -> cache.requestCache(new NullRequestCache()))
        // one filter at the very edge writes them, onto errors too
        .headers(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(Customizer.withDefaults())
        .build();
  }

  /** When the issuer is away, the way to its pages ends at ours, with a word. */
  private static ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> outcomeOf(
      LoginOutcome outcome) {
    return new ObjectPostProcessor<>() {
      @Override
      public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F filter) {
        filter.setAuthenticationFailureHandler(outcome);
        return filter;
      }
    };
  }
}
