/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One event of CAEP or RISC about one subject (RFC 9493).
 *
 * @param type the event's URI
 * @param subject the claim {@code sub_id}
 * @param toe when it happened, in milliseconds since 1970
 * @param details members of the event besides the time
 */
public record SecurityEvent(
    String type, Map<String, Object> subject, long toe, Map<String, Object> details) {
  private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  private static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";

  /** CAEP: sessions, or tokens, ended. */
  public static final String SESSION_REVOKED = CAEP + "session-revoked";

  /** CAEP: a credential was created, changed or removed. */
  public static final String CREDENTIAL_CHANGE = CAEP + "credential-change";

  /** RISC: an account was disabled. */
  public static final String ACCOUNT_DISABLED = RISC + "account-disabled";

  /** RISC: an account was enabled, or created. */
  public static final String ACCOUNT_ENABLED = RISC + "account-enabled";

  /** RISC: an account was removed. */
  public static final String ACCOUNT_PURGED = RISC + "account-purged";

  /** The initiating entity (CAEP §2). */
  public enum Initiator {
    ADMIN,
    USER,
    POLICY,
    SYSTEM
  }

  /**
   * Creates events of one realm and one time, which are known when the events are written.
   *
   * @param issuer of the realm
   * @param toe when it happens, in milliseconds since 1970
   */
  public record Frame(String issuer, long toe) {
    /** Returns the event that a session ended, with all its tokens. */
    public SecurityEvent sessionRevoked(String sessionId, String userId, Initiator initiator) {
      return of(SESSION_REVOKED, complex(sessionId, userId), Map.of(), initiator);
    }

    /** Returns the event that one client's tokens of a session, issued until now, are revoked. */
    public SecurityEvent clientSessionRevoked(
        String sessionId, String userId, String clientId, Initiator initiator) {
      var subject = complex(sessionId, userId);
      subject.put("application", opaque(clientId));
      return of(SESSION_REVOKED, subject, Map.of(), initiator);
    }

    /** Returns the event that all tokens of the realm, issued until now, are revoked. */
    public SecurityEvent realmRevoked(String realmName, Initiator initiator) {
      return of(
          SESSION_REVOKED,
          Map.of("format", "complex", "tenant", opaque(realmName)),
          Map.of(),
          initiator);
    }

    /** Returns the event that a credential of a user was created, changed or removed. */
    public SecurityEvent credentialChange(
        String userId, String credentialType, String changeType, Initiator initiator) {
      return of(
          CREDENTIAL_CHANGE,
          user(userId),
          Map.of("credential_type", credentialType, "change_type", changeType),
          initiator);
    }

    /** Returns the event that all tokens of a user, issued until now, are revoked. */
    public SecurityEvent accountSessionsRevoked(String userId, Initiator initiator) {
      return of(SESSION_REVOKED, user(userId), Map.of(), initiator);
    }

    /** Returns the event that an account was created with the id of, perhaps, a removed one. */
    public SecurityEvent accountCreated(String userId, Initiator initiator) {
      return of(ACCOUNT_ENABLED, user(userId), Map.of("rowlock_created", true), initiator);
    }

    /** Returns the event that an account was disabled, enabled or purged. */
    public SecurityEvent account(String type, String userId, Initiator initiator) {
      return of(type, user(userId), Map.of(), initiator);
    }

    /** Returns a frame with another time. */
    public Frame at(long time) {
      return new Frame(issuer, time);
    }

    private Map<String, Object> complex(String sessionId, String userId) {
      var subject = new LinkedHashMap<String, Object>();
      subject.put("format", "complex");
      subject.put("session", opaque(sessionId));
      subject.put("user", user(userId));
      return subject;
    }

    private Map<String, Object> user(String userId) {
      return Map.of("format", "iss_sub", "iss", issuer, "sub", userId);
    }

    private static Map<String, Object> opaque(String id) {
      return Map.of("format", "opaque", "id", id);
    }

    private SecurityEvent of(
        String type, Map<String, Object> subject, Map<String, Object> more, Initiator initiator) {
      var details = new LinkedHashMap<String, Object>(more);
      details.put("initiating_entity", initiator.name().toLowerCase(Locale.ROOT));
      return new SecurityEvent(type, subject, toe, details);
    }
  }

  /** Returns the claims that are known when the event is written. */
  Map<String, Object> claims(String issuer, String transaction) {
    var event = new LinkedHashMap<String, Object>();
    event.put("event_timestamp", toe / 1000);
    event.putAll(details);
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuer);
    claims.put("toe", BigDecimal.valueOf(toe, 3));
    claims.put("txn", transaction);
    claims.put("sub_id", subject);
    claims.put("events", Map.of(type, event));
    return claims;
  }
}
