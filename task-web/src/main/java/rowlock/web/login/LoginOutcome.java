/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;
import rowlock.web.audit.Refusal;
import rowlock.web.audit.SecurityLog;
import rowlock.web.issuer.IssuerUnavailableException;
import rowlock.web.problem.Passing;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.SessionsUnavailableException;
import rowlock.web.settings.ServerSettings;

/**
 * Sends the browser back to the page, with a word on what came of it: {@code login=} {@code
 * unavailable}, {@code refused}, {@code expired} or {@code failed}; {@code action=} what was asked
 * for and {@code result=} {@code success}, {@code cancelled} or {@code error}.
 *
 * <p>An answer to an authorization request that is not known any more, from a bookmark or the
 * history for example, is no failure of the user: a browser that is signed in goes to the page, and
 * any other begins a new login, once. The code of such an answer is never used.
 */
@Component
final class LoginOutcome implements AuthenticationSuccessHandler, AuthenticationFailureHandler {

  private static final Set<String> RESULTS = Set.of("success", "cancelled", "error");

  private static final String EXPIRED = "expired";

  /**
   * How Keycloak describes a login that was not finished in time, or was finished in another tab.
   */
  private static final String AUTHENTICATION_EXPIRED = "authentication_expired";

  private final String home;
  private final LoginRequests requests;
  private final LoginCookies attempts;
  private final Sessions sessions;
  private final SecurityLog log;
  private final ProblemWriter problems;

  LoginOutcome(
      ServerSettings settings,
      LoginRequests requests,
      LoginCookies attempts,
      Sessions sessions,
      SecurityLog log,
      ProblemWriter problems) {
    this.home = settings.publicUrl().toString();
    this.requests = requests;
    this.attempts = attempts;
    this.sessions = sessions;
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
    String word = word(request, failure);
    LoginAttempt attempt = LoginCookies.attempt(request);
    Refusal reason = refusal(word, failure, attempt);
    if (reason != null) {
      // of the failure only its kind: texts may repeat what was sent
      Duration wait = log.refused(reason, request, code(failure));
      if (wait.isPositive()) {
        problems.writeRetry(response, HttpProblem.TOO_MANY_REQUESTS, wait);
        return;
      }
    }
    String destination = attempt == null ? Destination.HOME : attempt.destination();
    if (word.equals(EXPIRED) && attempt == null && isSignedIn(request)) {
      redirect(response, destination);
    } else if (!word.equals(EXPIRED)
        || !isNavigation(request)
        || !isReplaced(attempt, request, response)) {
      redirect(response, with(destination, outcome(word, attempt)));
    }
  }

  /** Sends the browser to the issuer once more. Returns false if it came from such an attempt. */
  private boolean isReplaced(
      @Nullable LoginAttempt attempt, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<OAuth2AuthorizationRequest> replacement;
    try {
      replacement =
          requests.replacement(request, attempt, request.getParameter(OAuth2ParameterNames.STATE));
    } catch (IssuerUnavailableException unavailable) {
      return false;
    }
    if (replacement.isEmpty()) {
      return false;
    }
    attempts.saveAuthorizationRequest(replacement.get(), request, response);
    response.sendRedirect(replacement.get().getAuthorizationRequestUri());
    return true;
  }

  /** Whether a user is there to sign in: not for an image or a script of another site. */
  private static boolean isNavigation(HttpServletRequest request) {
    String mode = request.getHeader("Sec-Fetch-Mode");
    return mode == null || mode.equals("navigate");
  }

  private boolean isSignedIn(HttpServletRequest request) {
    try {
      return sessions.find(request) instanceof SessionState.Live;
    } catch (SessionsUnavailableException unavailable) {
      return false;
    }
  }

  /** Parameters for the page: the login, and of an action its result, for a user with a session. */
  private static String outcome(String word, @Nullable LoginAttempt attempt) {
    return attempt == null || attempt.action() == null
        ? "login=" + word
        : "login=%s&action=%s&result=%s"
            .formatted(word, attempt.action(), word.equals("refused") ? "cancelled" : "error");
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

  private static String word(HttpServletRequest request, AuthenticationException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Passing) {
        return "unavailable";
      }
    }
    String code = code(failure);
    if (code.equals("authorization_request_not_found")) {
      // what the issuer answered, though nothing is known of the question
      String error = request.getParameter(OAuth2ParameterNames.ERROR);
      code = error == null ? "login_required" : error;
    }
    return switch (code) {
      case "access_denied" -> "refused";
      case "login_required" -> EXPIRED;
      case "temporarily_unavailable" ->
          AUTHENTICATION_EXPIRED.equals(
                  request.getParameter(OAuth2ParameterNames.ERROR_DESCRIPTION))
              ? EXPIRED
              : "unavailable";
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
