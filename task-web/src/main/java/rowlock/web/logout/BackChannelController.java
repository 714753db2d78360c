/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.logout;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.limit.ClientAddresses;
import rowlock.limit.ClientBlock;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemWriter;
import rowlock.web.audit.Refusal;
import rowlock.web.audit.Refusal.Budget;
import rowlock.web.audit.SecurityLog;
import rowlock.web.issuer.Issuer;
import rowlock.web.issuer.LogoutTokens;
import rowlock.web.session.Sessions;
import rowlock.web.session.SessionsUnavailableException;

/**
 * Receives logout tokens of the issuer (OpenID Connect Back-Channel Logout 1.0). It ends sessions
 * in the database, so that all servers apply the logout. Spring Security's endpoint accepts RS256
 * only and knows the sessions of one process only.
 */
@RestController
final class BackChannelController {
  private static final Logger log = LoggerFactory.getLogger(BackChannelController.class);

  private final LogoutTokens tokens;
  private final Sessions sessions;
  private final SecurityLog securityLog;
  private final ClientAddresses addresses;
  private final ProblemWriter problems;

  BackChannelController(
      LogoutTokens tokens,
      Sessions sessions,
      SecurityLog securityLog,
      ClientAddresses addresses,
      ProblemWriter problems) {
    this.tokens = tokens;
    this.sessions = sessions;
    this.securityLog = securityLog;
    this.addresses = addresses;
    this.problems = problems;
  }

  @PostMapping(
      path = "/logout/connect/back-channel/" + Issuer.REGISTRATION,
      consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  @Nullable ResponseEntity<Map<String, String>> logout(
      HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getHeader("Sec-Fetch-Site") != null || request.getHeader("Origin") != null) {
      // another site may have made a browser send it: no failure of the peer address
      return refused(Refusal.CROSS_SITE, null, request, response);
    }
    var given = request.getParameterValues("logout_token");
    var token = given != null && given.length == 1 ? given[0] : "";
    var sender = ClientBlock.of(addresses.of(request));
    var overBudget = securityLog.untilNext(Budget.LOGOUT_TOKEN, request).isPositive();
    return switch (tokens.check(token, sender, overBudget)) {
      case LogoutTokens.Verdict.Accepted accepted -> end(accepted.token());
      case LogoutTokens.Verdict.Refused refused ->
          refused(refused.reason(), refused.kid(), request, response);
      case LogoutTokens.Verdict.Unavailable unavailable -> later();
    };
  }

  private ResponseEntity<Map<String, String>> end(Jwt token) {
    var issuedAt = token.getIssuedAt();
    var session = token.getClaimAsString("sid");
    try {
      var ended =
          sessions.endAll(
              session,
              // if the token has both sid and sub, both must match
              token.getSubject(),
              issuedAt == null ? Instant.EPOCH : issuedAt);
      log.info("Back-channel logout ended sessions: count={}", ended);
    } catch (SessionsUnavailableException e) {
      return later();
    }
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).build();
  }

  /** Answers 400 with an OAuth error (section 2.8), or 429 if the sender is over its budget. */
  private @Nullable ResponseEntity<Map<String, String>> refused(
      Refusal reason,
      @Nullable String kid,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    var wait = securityLog.refused(reason, request, kid);
    if (wait.isPositive()) {
      problems.writeRetry(response, HttpProblem.TOO_MANY_REQUESTS, wait);
      return null;
    }
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
