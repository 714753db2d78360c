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

/**
 * Signs out in this browser, or with {@code everywhere=true} on all devices: first here, then at
 * the issuer. The request to the issuer is sent by this server, so that no token appears in an
 * address of the browser.
 */
@RestController
final class LogoutController {
  private final Sessions sessions;
  private final AccountApi account;
  private final DeviceSessions devices;

  LogoutController(Sessions sessions, AccountApi account, DeviceSessions devices) {
    this.sessions = sessions;
    this.account = account;
    this.devices = devices;
  }

  /**
   * Response of a logout.
   *
   * @param next path that the page opens
   * @param complete whether the issuer's session has ended too; if not, the logout is retried until
   *     the issuer answers
   */
  record Answer(String next, boolean complete) {}

  @PostMapping(path = "/logout", produces = "application/json")
  ResponseEntity<Answer> logout(
      HttpServletRequest request,
      HttpServletResponse response,
      @RequestParam(defaultValue = "false") boolean everywhere) {
    var complete = true;
    if (CurrentSession.of(request) instanceof SessionState.Live found) {
      var session = found.session();
      if (everywhere) {
        // before the own session, whose token is needed; if this fails, no session has ended
        session = account.call(request, devices::endOthers).session();
      }
      complete = sessions.signOut(session);
    }
    sessions.forgetWhenClosed(request, response);
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new Answer("/", complete));
  }
}
