/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;
import rowlock.web.audit.Refusal;
import rowlock.web.audit.SecurityLog;
import rowlock.web.issuer.IssuerUnavailableException;
import rowlock.web.problem.ProblemType;
import rowlock.web.problem.ProblemWriter;
import rowlock.web.settings.ServerSettings;

/**
 * Sends the browser back to the page, with a word on what came of it: {@code login=} {@code
 * unavailable}, {@code refused}, {@code expired} or {@code failed}; {@code action=} what was asked
 * for and {@code result=} {@code success}, {@code cancelled} or {@code error}.
 */
@Component
final class LoginOutcome implements AuthenticationSuccessHandler, AuthenticationFailureHandler {

  private static final Set<String> RESULTS = Set.of("success", "cancelled", "error");

  private final String home;
  private final SecurityLog log;
  private final ProblemWriter problems;

  LoginOutcome(ServerSettings settings, SecurityLog log, ProblemWriter problems) {
    this.home = settings.publicUrl().toString();
    this.log = log;
    this.problems = problems;
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
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
      throws IOException {
    String word = word(failure);
    LoginAttempt attempt = LoginCookies.attempt(request);
    Refusal reason = refusal(word, failure, attempt);
    if (reason != null) {
      // of the failure only its kind: texts may repeat what was sent
      Duration wait = log.refused(reason, request, code(failure));
      if (wait.isPositive()) {
        problems.writeRetry(response, ProblemType.TOO_MANY_REQUESTS, wait);
        return;
      }
    }
    String destination = attempt == null ? Destination.HOME : attempt.destination();
    redirect(response, with(destination, "login=" + word));
  }

  /** What the client address is to blame for; null when it is not, or when that is not known. */
  private static @Nullable Refusal refusal(
      String word, AuthenticationException failure, @Nullable LoginAttempt attempt) {
    if (code(failure).equals("authorization_request_not_found")) {
      return Refusal.UNKNOWN_LOGIN;
    }
    if (!word.equals("failed")) {
      return null;
    }
    return attempt == null ? Refusal.MALFORMED_CALLBACK : Refusal.LOGIN_FAILED;
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
