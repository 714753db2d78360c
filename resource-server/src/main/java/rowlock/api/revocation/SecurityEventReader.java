/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;
import rowlock.api.revocation.Change.Kind;
import rowlock.api.token.Claims;
import rowlock.api.token.IssuerTokens;
import rowlock.api.token.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads security event tokens (RFC 8417) with events of OpenID CAEP 1.0 and RISC 1.0. Events of
 * unknown types are valid and have no effect.
 */
final class SecurityEventReader {
  /** The {@code typ} of security event tokens (RFC 8417 §2.3). */
  private static final String TYPE = "secevent+jwt";

  private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  private static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
  private static final String SESSION_REVOKED = CAEP + "session-revoked";
  private static final String CREDENTIAL_CHANGE = CAEP + "credential-change";

  /** CAEP section 2. */
  private static final String INITIATOR = "initiating_entity";

  /** An extension of this product's issuer, see docs/security-events.md. */
  private static final String CREATED = "rowlock_created";

  private static final Map<String, Kind> OF_ACCOUNTS =
      Map.of(
          RISC + "account-disabled", Kind.ACCOUNT_DISABLED,
          RISC + "account-enabled", Kind.ACCOUNT_ENABLED,
          RISC + "account-purged", Kind.ACCOUNT_PURGED);

  private final IssuerTokens tokens;
  private final IssuerTokenRules rules;

  SecurityEventReader(IssuerTokens tokens, IssuerTokenRules rules) {
    this.tokens = tokens;
    this.rules = rules;
  }

  /** Returns the event, or the reason why it is rejected. */
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
    var type = type(claims.get("events"));
    // Claims of other token types, which these must not have (OpenID SSF 1.0 sections 4.1.2 and
    // 4.1.7).
    if (id == null || issuedAt == null || claims.has("sub") || claims.has("exp")) {
      return new Verdict.Refused<>(Refusal.BAD_CLAIM);
    }
    if (type == null) {
      return new Verdict.Refused<>(Refusal.EVENT_MALFORMED);
    }
    if (!isKnown(type)) {
      return new Verdict.Accepted<>(new SecurityEvent(id, issuedAt, null));
    }
    var happenedAt = Claims.exactDate(claims.get("toe"));
    var subject = Subject.read(claims.get("sub_id"), rules.issuer());
    Change change = subject == null ? null : change(type, subject, claims.get("events").get(type));
    // toe may have fractions of a second, iat has none. An event in the future would refuse users
    // later.
    return happenedAt == null || change == null || happenedAt.isAfter(issuedAt.plusSeconds(1))
        ? new Verdict.Refused<>(Refusal.EVENT_MALFORMED)
        : new Verdict.Accepted<>(new SecurityEvent(id, happenedAt, change));
  }

  /** Returns the only event type; a token with several cannot be acknowledged. */
  private static @Nullable String type(@Nullable JsonNode events) {
    return events instanceof ObjectNode named
            && named.size() == 1
            && named.iterator().next().isObject()
        ? named.propertyNames().iterator().next()
        : null;
  }

  private static boolean isKnown(String type) {
    return type.equals(SESSION_REVOKED)
        || type.equals(CREDENTIAL_CHANGE)
        || OF_ACCOUNTS.containsKey(type);
  }

  /** Returns null if the event does not apply to such a subject. */
  private static @Nullable Change change(String type, Subject subject, JsonNode event) {
    if (type.equals(SESSION_REVOKED)) {
      return ended(subject);
    }
    var account = subject.account();
    if (account == null || subject.session() != null || subject.client() != null) {
      return null;
    }
    var kind = OF_ACCOUNTS.get(type);
    return kind == null ? Change.NONE : Change.ofAccount(refined(kind, event), account);
  }

  /** Unknown members of an event have no effect. */
  private static Kind refined(Kind kind, JsonNode event) {
    if (kind == Kind.ACCOUNT_PURGED && event.path(INITIATOR).asString("").equals("user")) {
      return Kind.ACCOUNT_PURGED_BY_USER;
    }
    if (kind == Kind.ACCOUNT_ENABLED && event.path(CREATED).asBoolean(false)) {
      return Kind.ACCOUNT_CREATED;
    }
    return kind;
  }

  private static @Nullable Change ended(Subject subject) {
    var session = subject.session();
    var client = subject.client();
    var account = subject.account();
    if (session != null) {
      return client == null ? Change.ofSession(session) : Change.ofClientSession(session, client);
    }
    if (client != null) {
      return null; // a client without a session
    }
    if (account != null) {
      return Change.ofAccount(Kind.ACCOUNT_SESSIONS_ENDED, account);
    }
    return subject.everybody() ? Change.ofEverybody() : null;
  }
}
