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

/** A person's sessions on all their devices: which there are, and an end to those they name. */
@RestController
final class AccountController {

  private final AccountQuestion account;
  private final DeviceSessions devices;

  AccountController(AccountQuestion account, DeviceSessions devices) {
    this.account = account;
    this.devices = devices;
  }

  @GetMapping(path = "/account/sessions", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<List<DeviceSession>> list(HttpServletRequest request) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(account.ask(request, devices::list).answer());
  }

  /** All others; this one goes on. */
  @DeleteMapping("/account/sessions")
  ResponseEntity<Void> endOthers(HttpServletRequest request) {
    account.ask(request, devices::endOthers);
    return ResponseEntity.noContent().build();
  }

  @DeleteMapping("/account/sessions/{id}")
  ResponseEntity<Void> end(HttpServletRequest request, @PathVariable String id) {
    account.ask(request, tokens -> devices.end(tokens, id));
    return ResponseEntity.noContent().build();
  }
}
