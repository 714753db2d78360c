/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.revocation.Change.Kind;
import rowlock.api.token.Claims;
import rowlock.api.token.IssuerTokens;
import rowlock.api.token.Verdict;
import tools.jackson.databind.node.ObjectNode;

/** Reads logout tokens (OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6). */
final class LogoutTokenReader {
  private static final String TYPE = "logout+jwt";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  /** The maximum of {@code exp - iat} (section 4 of the specification). */
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(2);

  private final IssuerTokens tokens;
  private final IssuerTokenRules rules;

  LogoutTokenReader(IssuerTokens tokens, IssuerTokenRules rules) {
    this.tokens = tokens;
    this.rules = rules;
  }

  /** Returns the logout, or the reason why the token is rejected. */
  Verdict<SecurityEvent> read(String text) {
    return switch (tokens.read(text, TYPE)) {
      case Verdict.Refused<ObjectNode> refused -> refused.forward();
      case Verdict.Accepted<ObjectNode> claims -> read(claims.value());
    };
  }

  private Verdict<SecurityEvent> read(ObjectNode claims) {
    var refusal = rules.refusal(claims);
    if (refusal != null) {
      return new Verdict.Refused<>(refusal);
    }
    var id = Claims.text(claims.get("jti"));
    var issuedAt = Claims.date(claims.get("iat"));
    var expiresAt = Claims.date(claims.get("exp"));
    if (id == null
        || issuedAt == null
        || expiresAt == null
        || !expiresAt.isAfter(issuedAt)
        || expiresAt.isAfter(issuedAt.plus(MAX_LIFETIME))) {
      return new Verdict.Refused<>(Refusal.BAD_CLAIM);
    }
    if (!rules.now().isBefore(expiresAt.plus(IssuerTokenRules.LEEWAY))) {
      return new Verdict.Refused<>(Refusal.EVENT_NOT_CURRENT);
    }
    if (!(claims.get("events") instanceof ObjectNode events)
        || events.size() != 1
        || !events.path(EVENT).isObject()) {
      return new Verdict.Refused<>(Refusal.EVENT_MALFORMED);
    }
    var session = Claims.text(claims.get("sid"));
    var account = Subject.account(Claims.text(claims.get("sub")));
    if ((session == null && claims.has("sid"))
        || (account == null && claims.has("sub"))
        || (session == null && account == null)) {
      return new Verdict.Refused<>(Refusal.EVENT_MALFORMED);
    }
    return new Verdict.Accepted<>(new SecurityEvent(id, issuedAt, change(session, account)));
  }

  /** Ends the session if one is named, and all sessions of the account if not. */
  private static Change change(@Nullable String session, @Nullable UUID account) {
    if (session != null) {
      return Change.ofSession(session);
    }
    if (account != null) {
      return Change.ofAccount(Kind.ACCOUNT_SESSIONS_ENDED, account);
    }
    throw new IllegalArgumentException("a logout token without sid and sub");
  }
}
