/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.web.settings.IssuerSettings;
import tools.jackson.databind.json.JsonMapper;

/** Serves the state of the session to the page. */
@RestController
final class SessionController {
  // not Spring's mapper, whose settings would change the entity tags
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Map<String, String> SIGN_IN = signIn();

  private final Sessions sessions;
  private final Map<String, String> links;

  SessionController(Sessions sessions, IssuerSettings issuer) {
    this.sessions = sessions;
    this.links = links(issuer);
  }

  /**
   * Returns 200 with or without a session, or 304. A visible page sends this request every 30 s,
   * which also checks the session at the issuer, see {@link Sessions#checked}.
   */
  @GetMapping(path = "/session", produces = "application/json")
  ResponseEntity<byte[]> session(HttpServletRequest request) {
    Map<String, Object> body = new LinkedHashMap<>();
    var state = CurrentSession.of(request);
    if (state instanceof SessionState.Live found) {
      state = sessions.checked(found.session());
    }
    switch (state) {
      case SessionState.Live live -> {
        var identity = live.session().identity();
        body.put("signedIn", true);
        body.put("subject", identity.subject());
        body.put("name", identity.name());
        body.put("email", identity.email());
        body.put("csrf", live.session().secret().csrf());
        body.put("links", links);
      }
      case SessionState.Absent absent -> {
        body.put("signedIn", false);
        body.put("reason", absent.reason().code());
        body.put("links", SIGN_IN);
      }
      case SessionState.Unknown unknown ->
          throw new IllegalStateException("a check never returns an unknown state");
    }
    var text = JSON.writeValueAsBytes(body);
    return ResponseEntity.ok()
        // cached by the browser only, and revalidated each time
        .cacheControl(CacheControl.noCache().cachePrivate())
        .header("Vary", "Cookie")
        .eTag(EntityTag.of(text))
        .body(text);
  }

  // in a fixed order, so that the entity tags of all servers are equal
  private static Map<String, String> signIn() {
    Map<String, String> links = new LinkedHashMap<>();
    links.put("sign-in", "/login");
    links.put("register", "/login?register=true");
    return links;
  }

  private static Map<String, String> links(IssuerSettings issuer) {
    Map<String, String> links = new LinkedHashMap<>();
    links.put("sessions", "/account/sessions");
    for (var action :
        new String[] {
          "profile",
          "email",
          "password",
          "passkey",
          "second-factor",
          "recovery-codes",
          "delete-account"
        }) {
      links.put(action, "/login?action=" + action);
    }
    // Keycloak's page on which factors are shown and removed; it links back to this server
    links.put(
        "security",
        issuer.issuer().replaceFirst("/$", "")
            + "/account/account-security/signing-in?referrer="
            + URLEncoder.encode(issuer.clientId(), StandardCharsets.UTF_8));
    return links;
  }
}
