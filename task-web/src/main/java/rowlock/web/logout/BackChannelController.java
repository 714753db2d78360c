/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.web.issuer.Issuer;
import rowlock.web.issuer.IssuerTokens;
import rowlock.web.issuer.IssuerUnavailableException;
import rowlock.web.session.Sessions;
import rowlock.web.session.SessionsUnavailableException;

/**
 * OpenID Connect Back-Channel Logout 1.0: the issuer says that a session has ended, and it has, for
 * all servers, since all of them look into the same table. Spring Security's own endpoint takes
 * RS256 only and knows the sessions of one process only.
 */
@RestController
final class BackChannelController {

  private static final Logger log = LoggerFactory.getLogger(BackChannelController.class);

  private final IssuerTokens tokens;
  private final Sessions sessions;

  BackChannelController(IssuerTokens tokens, Sessions sessions) {
    this.tokens = tokens;
    this.sessions = sessions;
  }

  @PostMapping(
      path = "/logout/connect/back-channel/" + Issuer.REGISTRATION,
      consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  ResponseEntity<Map<String, String>> logout(HttpServletRequest request) {
    String[] given = request.getParameterValues("logout_token");
    if (given == null || given.length != 1) {
      return refused();
    }
    Jwt token;
    try {
      token = tokens.logoutTokens().decode(given[0]);
    } catch (BadJwtException forged) {
      log.warn("A logout token was refused"); // it was sent by a stranger; its texts are not ours
      return refused();
    } catch (JwtException | IssuerUnavailableException keysAway) {
      return later();
    }
    Instant issuedAt = token.getIssuedAt();
    String session = token.getClaimAsString("sid");
    try {
      int ended =
          sessions.endAll(
              session,
              // of a session only the person's own: both are said, both must fit
              token.getSubject(),
              issuedAt == null ? Instant.EPOCH : issuedAt);
      log.info("The issuer ended {} of our sessions", ended);
    } catch (SessionsUnavailableException away) {
      return later();
    }
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).build();
  }

  /** Section 2.8: 400, with an error as of OAuth. */
  private static ResponseEntity<Map<String, String>> refused() {
    return ResponseEntity.badRequest()
        .cacheControl(CacheControl.noStore())
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("error", "invalid_request"));
  }

  private static ResponseEntity<Map<String, String>> later() {
    return ResponseEntity.status(503)
        .cacheControl(CacheControl.noStore())
        .header("Retry-After", "2")
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("error", "temporarily_unavailable"));
  }
}
