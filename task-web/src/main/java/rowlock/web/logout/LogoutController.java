/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rowlock.web.issuer.DeviceSessions;
import rowlock.web.session.CurrentSession;
import rowlock.web.session.SessionState;
import rowlock.web.session.Sessions;
import rowlock.web.session.WebSession;

/**
 * Signs out of this browser, or with {@code everywhere=true} of all of them: first here, then at
 * the issuer, server to server, so that no token stands in an address that the browser keeps.
 */
@RestController
final class LogoutController {

  private final Sessions sessions;
  private final AccountQuestion account;
  private final DeviceSessions devices;

  LogoutController(Sessions sessions, AccountQuestion account, DeviceSessions devices) {
    this.sessions = sessions;
    this.account = account;
    this.devices = devices;
  }

  /**
   * @param next where the page goes now: home
   * @param complete whether the issuer's session has ended too; if not, it will be as soon as the
   *     issuer answers
   */
  record Answer(String next, boolean complete) {}

  @PostMapping(path = "/logout", produces = "application/json")
  ResponseEntity<Answer> logout(
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam(defaultValue = "false") boolean everywhere) {
    boolean complete = true;
    if (CurrentSession.of(request) instanceof SessionState.Live found) {
      WebSession session = found.session();
      if (everywhere) {
        // before this one, because that takes a token of it; when it fails, nothing has ended
        session = account.ask(request, devices::endOthers).session();
      }
      complete = sessions.signOut(session);
    }
    sessions.forgetWhenClosed(request, response);
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new Answer("/", complete));
  }
}
