/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.client.ClientKeys;

/** Publishes the public keys that the issuer needs to authenticate this API. */
@Hidden
@RestController
final class ClientKeySet {
  static final String PATH = "/.well-known/jwks.json";

  private final ClientKeys keys;

  ClientKeySet(ClientKeys keys) {
    this.keys = keys;
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> keys() {
    return keys.published().toJSONObject(true);
  }
}
