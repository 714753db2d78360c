/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;
import rowlock.web.issuer.IssuerUnavailableException;
import rowlock.web.settings.ServerSettings;

/**
 * Sends the browser back to the page, with a word on what came of it: {@code login=} {@code
 * unavailable}, {@code refused}, {@code expired} or {@code failed}; {@code action=} what was asked
 * for and {@code result=} {@code success}, {@code cancelled} or {@code error}.
 */
@Component
final class LoginOutcome implements AuthenticationSuccessHandler, AuthenticationFailureHandler {

  private static final Logger log = LoggerFactory.getLogger(LoginOutcome.class);
  private static final Set<String> RESULTS = Set.of("success", "cancelled", "error");

  private final String home;

  LoginOutcome(ServerSettings settings) {
    this.home = settings.publicUrl().toString();
  }

  @Override
  public void onAuthenticationSuccess(
      HttpServletRequest request, HttpServletResponse response, Authentication authentication) {
    LoginAttempt attempt = LoginCookies.attempt(request);
    String destination = attempt == null ? Destination.HOME : attempt.destination();
    String result = request.getParameter("kc_action_status");
    if (attempt != null && attempt.action() != null) {
      destination = with(destination, "action=" + attempt.action());
      destination = with(destination, "result=" + (RESULTS.contains(result) ? result : "success"));
    }
    redirect(response, destination);
  }

  @Override
  public void onAuthenticationFailure(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure) {
    String word = word(failure);
    if (word.equals("failed")) {
      // of the failure only its kind: texts may repeat what a stranger has sent
      log.warn("A sign-in failed: {}", code(failure));
    }
    LoginAttempt attempt = LoginCookies.attempt(request);
    String destination = attempt == null ? Destination.HOME : attempt.destination();
    redirect(response, with(destination, "login=" + word));
  }

  private static String word(AuthenticationException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IssuerUnavailableException) {
        return "unavailable";
      }
    }
    return switch (code(failure)) {
      case "access_denied" -> "refused";
      case "authorization_request_not_found", "temporarily_unavailable", "login_required" ->
          "expired";
      case "invalid_token_response" -> "unavailable";
      default -> "failed";
    };
  }

  private static String code(AuthenticationException failure) {
    String code =
        failure instanceof OAuth2AuthenticationException oauth
            ? oauth.getError().getErrorCode()
            : failure.getClass().getSimpleName();
    return code.matches("[A-Za-z0-9_]{1,64}") ? code : "unknown";
  }

  /** Adds to the query, in front of a fragment. */
  private static String with(String path, String parameter) {
    int hash = path.indexOf('#');
    String before = hash < 0 ? path : path.substring(0, hash);
    String fragment = hash < 0 ? "" : path.substring(hash);
    return before + (before.indexOf('?') < 0 ? "?" : "&") + parameter + fragment;
  }

  private void redirect(HttpServletResponse response, @Nullable String path) {
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", home + path);
    response.setHeader("Cache-Control", "no-store");
  }
}
