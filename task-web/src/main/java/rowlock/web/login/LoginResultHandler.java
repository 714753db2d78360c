/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
import rowlock.web.problem.TransientFailure;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.SessionsUnavailableException;
import rowlock.web.settings.ServerSettings;

/**
 * Redirects the browser to the page after a login. The query states the result: {@code login=}
 * {@code unavailable}, {@code refused}, {@code expired} or {@code failed}; {@code action=} the
 * requested action and {@code result=} {@code success}, {@code cancelled} or {@code error}.
 *
 * <p>A response to an unknown authorization request, for example from a bookmark or the history, is
 * not a failure of the user. A browser with a session is redirected to the page. Any other browser
 * starts a new login, once. The code of such a response is never used.
 */
@Component
final class LoginResultHandler
    implements AuthenticationSuccessHandler, AuthenticationFailureHandler {
  private static final Set<String> RESULTS = Set.of("success", "cancelled", "error");

  private static final String EXPIRED = "expired";

  /** Keycloak's description of a login that expired or was completed in another tab. */
  private static final String AUTHENTICATION_EXPIRED = "authentication_expired";

  private final String home;
  private final LoginRequestResolver requests;
  private final LoginCookies attempts;
  private final Sessions sessions;
  private final SecurityLog log;
  private final ProblemWriter problems;

  LoginResultHandler(
      ServerSettings settings,
      LoginRequestResolver requests,
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
    var attempt = LoginCookies.attempt(request);
    var destination = attempt == null ? Destination.HOME : attempt.destination();
    var result = request.getParameter("kc_action_status");
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
    var result = result(request, failure);
    var attempt = LoginCookies.attempt(request);
    var reason = refusal(result, failure, attempt);
    if (reason != null) {
      // the error code only, because messages may repeat the request
      var wait = log.refused(reason, request, code(failure));
      if (wait.isPositive()) {
        problems.writeRetry(response, HttpProblem.TOO_MANY_REQUESTS, wait);
        return;
      }
    }
    var destination = attempt == null ? Destination.HOME : attempt.destination();
    if (result.equals(EXPIRED) && attempt == null && isSignedIn(request)) {
      redirect(response, destination);
    } else if (!result.equals(EXPIRED)
        || !isNavigation(request)
        || !isReplaced(attempt, request, response)) {
      redirect(response, with(destination, parameters(result, attempt)));
    }
  }

  /** Starts the login again. Returns false if the attempt was a repetition itself. */
  private boolean isReplaced(
      @Nullable LoginAttempt attempt, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    OAuth2AuthorizationRequest replacement;
    try {
      replacement =
          requests.replacement(request, attempt, request.getParameter(OAuth2ParameterNames.STATE));
    } catch (IssuerUnavailableException e) {
      return false;
    }
    if (replacement == null) {
      return false;
    }
    attempts.saveAuthorizationRequest(replacement, request, response);
    response.sendRedirect(replacement.getAuthorizationRequestUri());
    return true;
  }

  /**
   * Returns false for subresources, such as an image on another site, where no user can sign in.
   */
  private static boolean isNavigation(HttpServletRequest request) {
    var mode = request.getHeader("Sec-Fetch-Mode");
    return mode == null || mode.equals("navigate");
  }

  private boolean isSignedIn(HttpServletRequest request) {
    try {
      return sessions.find(request) instanceof SessionState.Live;
    } catch (SessionsUnavailableException e) {
      return false;
    }
  }

  /** Returns the query parameters for the page: result of the login and, if any, of the action. */
  private static String parameters(String result, @Nullable LoginAttempt attempt) {
    return attempt == null || attempt.action() == null
        ? "login=" + result
        : "login=%s&action=%s&result=%s"
            .formatted(result, attempt.action(), result.equals("refused") ? "cancelled" : "error");
  }

  /** Returns the refusal that counts against the peer address, or null if none does. */
  private static @Nullable Refusal refusal(
      String result, AuthenticationException failure, @Nullable LoginAttempt attempt) {
    if (code(failure).equals("authorization_request_not_found")) {
      return Refusal.UNKNOWN_LOGIN;
    }
    if (!result.equals("failed")) {
      return null;
    }
    return attempt == null ? Refusal.MALFORMED_CALLBACK : Refusal.LOGIN_FAILED;
  }

  private static String result(HttpServletRequest request, AuthenticationException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TransientFailure) {
        return "unavailable";
      }
    }
    var code = code(failure);
    if (code.equals("authorization_request_not_found")) {
      // the error of the issuer, although the request is unknown
      var error = request.getParameter(OAuth2ParameterNames.ERROR);
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
    var code =
        failure instanceof OAuth2AuthenticationException oauth
            ? oauth.getError().getErrorCode()
            : failure.getClass().getSimpleName();
    return code.matches("[A-Za-z0-9_]{1,64}") ? code : "unknown";
  }

  /** Appends a parameter to the query, in front of the fragment. */
  private static String with(String path, String parameter) {
    var hash = path.indexOf('#');
    var before = hash < 0 ? path : path.substring(0, hash);
    var fragment = hash < 0 ? "" : path.substring(hash);
    return before + (before.indexOf('?') < 0 ? "?" : "&") + parameter + fragment;
  }

  private void redirect(HttpServletResponse response, @Nullable String path) {
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", home + path);
    response.setHeader("Cache-Control", "no-store");
  }
}
