/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.client.ClientKeys;

/** Publishes the public keys with which the issuer verifies this server's client assertions. */
@RestController
final class ClientKeysController {
  private final String keys;

  ClientKeysController(ClientKeys keys) {
    this.keys = keys.published().toString();
  }

  @GetMapping(path = "/.well-known/jwks.json", produces = "application/jwk-set+json")
  ResponseEntity<String> keys() {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
        .body(keys);
  }
}
