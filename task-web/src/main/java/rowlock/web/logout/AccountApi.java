/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.web.issuer.Tokens;
import rowlock.web.problem.WebProblem;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.WebSession;

/**
 * Calls Keycloak's account API with the tokens of a session; a rejected token is refreshed once.
 */
@Component
final class AccountApi {
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Sessions sessions;

  AccountApi(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * Result of a call.
   *
   * @param value content of the response
   * @param session session of the request with the tokens that were accepted
   */
  record Result<T>(T value, WebSession session) {}

  /**
   * Sends a request with the tokens of the current session.
   *
   * @param call returns null if the issuer rejected the token
   * @throws ProblemException 401 if the session has ended, 503 if the issuer is unavailable
   */
  <T> Result<T> call(HttpServletRequest request, Function<Tokens, @Nullable T> call) {
    if (!(CurrentSession.of(request) instanceof SessionState.Live found)) {
      throw new IllegalStateException("request without a session");
    }
    var session = live(sessions.fresh(found.session()));
    var value = call.apply(session.tokens());
    if (value == null) {
      session = live(sessions.renewed(session));
      value = call.apply(session.tokens());
    }
    if (value == null) {
      throw ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
    }
    return new Result<>(value, session);
  }

  private static WebSession live(SessionState state) {
    return switch (state) {
      case SessionState.Live live -> live.session();
      case SessionState.Absent absent ->
          throw ProblemException.withMembers(
              WebProblem.SIGN_IN_REQUIRED, Map.of("reason", absent.reason().code()));
      case SessionState.Unknown unknown ->
          throw ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
    };
  }
}
