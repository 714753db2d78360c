/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.revocation.Change.Kind;
import rowlock.api.token.Claims;
import rowlock.api.token.IssuerStatements;
import rowlock.api.token.Verdict;
import tools.jackson.databind.node.ObjectNode;

/** Reads logout tokens (OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6). */
final class LogoutTokenReader {

  private static final String TYPE = "logout+jwt";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  /** The longest {@code exp - iat} (the same, section 4). */
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(2);

  private final IssuerStatements statements;
  private final StatementRules rules;

  LogoutTokenReader(IssuerStatements statements, StatementRules rules) {
    this.statements = statements;
    this.rules = rules;
  }

  /** The logout, or why the token is not good. */
  Verdict<SecurityEvent> read(String text) {
    return switch (statements.read(text, TYPE)) {
      case Verdict.Refused<ObjectNode> refused -> refused.forward();
      case Verdict.Accepted<ObjectNode> claims -> read(claims.value());
    };
  }

  private Verdict<SecurityEvent> read(ObjectNode claims) {
    Refusal refusal = rules.refusal(claims);
    if (refusal != null) {
      return new Verdict.Refused<>(refusal);
    }
    String id = Claims.text(claims.get("jti"));
    Instant issuedAt = Claims.date(claims.get("iat"));
    Instant expiresAt = Claims.date(claims.get("exp"));
    if (id == null
        || issuedAt == null
        || expiresAt == null
        || !expiresAt.isAfter(issuedAt)
        || expiresAt.isAfter(issuedAt.plus(MAX_LIFETIME))) {
      return new Verdict.Refused<>(Refusal.BAD_CLAIM);
    }
    if (!rules.now().isBefore(expiresAt.plus(StatementRules.LEEWAY))) {
      return new Verdict.Refused<>(Refusal.EVENT_NOT_CURRENT);
    }
    if (!(claims.get("events") instanceof ObjectNode events)
        || events.size() != 1
        || !events.path(EVENT).isObject()) {
      return new Verdict.Refused<>(Refusal.EVENT_MALFORMED);
    }
    String session = Claims.text(claims.get("sid"));
    UUID account = Subject.account(Claims.text(claims.get("sub")));
    if ((session == null && claims.has("sid"))
        || (account == null && claims.has("sub"))
        || (session == null && account == null)) {
      return new Verdict.Refused<>(Refusal.EVENT_MALFORMED);
    }
    return new Verdict.Accepted<>(new SecurityEvent(id, issuedAt, change(session, account)));
  }

  /** The session when one is named, otherwise all that the user has. */
  private static Change change(@Nullable String session, @Nullable UUID account) {
    if (session != null) {
      return Change.ofSession(session);
    }
    if (account != null) {
      return Change.ofAccount(Kind.ACCOUNT_SESSIONS_ENDED, account);
    }
    throw new IllegalArgumentException("a logout of nobody");
  }
}
