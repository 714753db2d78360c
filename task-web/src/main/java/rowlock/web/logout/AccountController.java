/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import rowlock.web.issuer.DeviceSession;
import rowlock.web.issuer.DeviceSessions;
import rowlock.web.issuer.Tokens;
import rowlock.web.problem.ProblemException;
import rowlock.web.problem.ProblemType;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;

/** A person's sessions on all their devices: which there are, and an end to those they name. */
@RestController
final class AccountController {

  private final Sessions sessions;
  private final DeviceSessions devices;

  AccountController(Sessions sessions, DeviceSessions devices) {
    this.sessions = sessions;
    this.devices = devices;
  }

  @GetMapping(path = "/account/sessions", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<List<DeviceSession>> list(HttpServletRequest request) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(ask(request, devices::list));
  }

  /** All others; this one goes on. */
  @DeleteMapping("/account/sessions")
  ResponseEntity<Void> endOthers(HttpServletRequest request) {
    ask(request, devices::endOthers);
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping("/account/sessions/{id}")
  ResponseEntity<Void> end(HttpServletRequest request, @PathVariable String id) {
    ask(request, tokens -> devices.end(tokens, id));
    return ResponseEntity.noContent().build();
  }

  /** As the relay does it: with a good token, and once more with another one if that is refused. */
  private <T> T ask(HttpServletRequest request, Function<Tokens, Optional<T>> question) {
    if (!(CurrentSession.of(request) instanceof SessionState.Live found)) {
      throw new IllegalStateException("nobody comes here without a session");
    }
    SessionState state = sessions.fresh(found.session());
    if (state instanceof SessionState.Live live) {
      Optional<T> answer = question.apply(live.session().tokens());
      if (answer.isPresent()) {
        return answer.get();
      }
      state = sessions.renewed(live.session());
      if (state instanceof SessionState.Live renewed) {
        return question
            .apply(renewed.session().tokens())
            .orElseThrow(() -> new ProblemException(ProblemType.SERVICE_UNAVAILABLE));
      }
    }
    if (state instanceof SessionState.Gone gone) {
      throw new ProblemException(
          ProblemType.SIGN_IN_REQUIRED, Map.of("reason", gone.reason().code()));
    }
    throw new ProblemException(ProblemType.SERVICE_UNAVAILABLE);
  }
}
