/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import rowlock.web.issuer.DeviceSession;
import rowlock.web.issuer.DeviceSessions;

/** Lists and ends the user's sessions on all devices. */
@RestController
final class AccountController {
  private final AccountApi account;
  private final DeviceSessions devices;

  AccountController(AccountApi account, DeviceSessions devices) {
    this.account = account;
    this.devices = devices;
  }

  @GetMapping(path = "/account/sessions", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<List<DeviceSession>> list(HttpServletRequest request) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(account.call(request, devices::list).value());
  }

  /** Ends all sessions except the current one. */
  @DeleteMapping("/account/sessions")
  ResponseEntity<Void> endOthers(HttpServletRequest request) {
    account.call(request, devices::endOthers);
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping("/account/sessions/{id}")
  ResponseEntity<Void> end(HttpServletRequest request, @PathVariable String id) {
    account.call(request, tokens -> devices.end(tokens, id));
    return ResponseEntity.noContent().build();
  }
}
