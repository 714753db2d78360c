/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.web.issuer.Tokens;
import rowlock.web.problem.WebProblem;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.WebSession;

/** Asks a person's account as the relay asks the API: once more when a token was refused. */
@Component
final class AccountQuestion {

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Sessions sessions;

  AccountQuestion(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * @param answer what the account said
   * @param session the request's session, with the tokens that were good for it
   */
  record Answered<T>(T answer, WebSession session) {}

  /**
   * Asks with the tokens of the request's session.
   *
   * @param question empty when the token was refused
   * @throws ProblemException when there is no answer: 401 when the session is gone, otherwise 503
   */
  <T> Answered<T> ask(HttpServletRequest request, Function<Tokens, Optional<T>> question) {
    if (!(CurrentSession.of(request) instanceof SessionState.Live found)) {
      throw new IllegalStateException("nobody comes here without a session");
    }
    WebSession session = live(sessions.fresh(found.session()));
    Optional<T> answer = question.apply(session.tokens());
    if (answer.isEmpty()) {
      session = live(sessions.renewed(session));
      answer = question.apply(session.tokens());
    }
    return new Answered<>(
        answer.orElseThrow(
            () -> ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY)),
        session);
  }

  private static WebSession live(SessionState state) {
    return switch (state) {
      case SessionState.Live live -> live.session();
      case SessionState.Gone gone ->
          throw ProblemException.withMembers(
              WebProblem.SIGN_IN_REQUIRED, Map.of("reason", gone.reason().code()));
      case SessionState.Unknown unknown ->
          throw ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
    };
  }
}
