/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.settings.ApiSettings;
import rowlock.api.settings.ServerSettings;
import rowlock.api.settings.TokenSettings;

/**
 * Serves the metadata of the protected resource (RFC 9728), with the issuer of its tokens. All
 * values come from the settings.
 */
@Hidden
@RestController
final class ProtectedResourceMetadata {
  static final String PATH = "/.well-known/oauth-protected-resource";

  private final Map<String, Object> document;
  private final SupportedScopes scopes;

  ProtectedResourceMetadata(
      ApiSettings api, ServerSettings server, TokenSettings tokens, SupportedScopes scopes) {
    this.scopes = scopes;
    this.document =
        Map.of(
            "resource",
            server.publicUrl().toString(),
            "authorization_servers",
            List.of(tokens.issuer()),
            "bearer_methods_supported",
            List.of("header"),
            "dpop_signing_alg_values_supported",
            DpopProof.ALGORITHMS,
            "resource_name",
            api.name(),
            "resource_documentation",
            server.publicUrl() + "/swagger-ui.html");
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  Map<String, Object> metadata() {
    var names = scopes.names();
    if (names.isEmpty()) {
      return document;
    }
    Map<String, Object> all = new HashMap<>(document);
    all.put("scopes_supported", names);
    return all;
  }
}
