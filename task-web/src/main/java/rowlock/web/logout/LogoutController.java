/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rowlock.web.issuer.DeviceSessions;
import rowlock.web.issuer.Issuer;
import rowlock.web.issuer.IssuerUnavailableException;
import rowlock.web.issuer.TokenEndpoint;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.EndReason;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;

/**
 * Signs out of this browser, or with {@code everywhere=true} of all of them: first here, then at
 * the issuer, server to server, so that no token stands in an address that the browser keeps.
 */
@RestController
final class LogoutController {

  private final Sessions sessions;
  private final TokenEndpoint tokens;
  private final DeviceSessions devices;
  private final Issuer issuer;

  LogoutController(Sessions sessions, TokenEndpoint tokens, DeviceSessions devices, Issuer issuer) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.devices = devices;
    this.issuer = issuer;
  }

  /**
   * @param next where the page goes now: home, or, where the issuer did not answer, to the page on
   *     which the person signs out there themselves
   * @param complete whether the issuer's session has ended too
   */
  record Answer(String next, boolean complete) {}

  @PostMapping(path = "/logout", produces = "application/json")
  ResponseEntity<Answer> logout(
      HttpServletRequest request, @RequestParam(defaultValue = "false") boolean everywhere) {
    Answer answer = new Answer("/", true);
    if (CurrentSession.of(request) instanceof SessionState.Live found) {
      SessionState.Live live = found;
      if (everywhere && sessions.fresh(found.session()) instanceof SessionState.Live fresh) {
        // before this one, because that takes a token of it; when it fails, nothing has ended
        devices.endOthers(fresh.session().tokens());
        live = fresh;
      }
      sessions.end(live.session(), EndReason.SIGNED_OUT);
      if (!tokens.endSession(live.session().tokens())) {
        answer = new Answer(logoutPage(), false);
      }
    }
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer);
  }

  private String logoutPage() {
    try {
      return issuer.logoutPage().toString();
    } catch (IssuerUnavailableException away) {
      return "/";
    }
  }
}
