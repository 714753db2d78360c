/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import com.nimbusds.jose.jwk.RSAKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import rowlock.api.test.TestIssuer;

/** Security event tokens as signed by the issuer, each new and current. */
final class Events {
  static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
  static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
  static final String SESSION_REVOKED = CAEP + "session-revoked";
  static final String DISABLED = RISC + "account-disabled";
  static final String ENABLED = RISC + "account-enabled";
  static final String PURGED = RISC + "account-purged";

  private final TestIssuer issuer;
  private final RSAKey key;

  Events(TestIssuer issuer, RSAKey key) {
    this.issuer = issuer;
    this.key = key;
  }

  Map<String, Object> user(UUID sub) {
    return members("format", "iss_sub", "iss", issuer.url(), "sub", sub.toString());
  }

  static Map<String, Object> opaque(String id) {
    return members("format", "opaque", "id", id);
  }

  Map<String, Object> session(String sid, UUID sub) {
    return members("format", "complex", "session", opaque(sid), "user", user(sub));
  }

  Map<String, Object> clientSession(String sid, UUID sub, String client) {
    var subject = session(sid, sub);
    subject.put("application", opaque(client));
    return subject;
  }

  static Map<String, Object> realm() {
    return members("format", "complex", "tenant", opaque("test"));
  }

  /** Returns the claims of a valid event. */
  Map<String, Object> claims(String type, Map<String, Object> subject, Instant happenedAt) {
    return members(
        "iss", issuer.url(),
        "aud", "task-api",
        "jti", UUID.randomUUID().toString(),
        "iat", Instant.now().getEpochSecond(),
        "toe", BigDecimal.valueOf(happenedAt.toEpochMilli(), 3),
        "txn", UUID.randomUUID().toString(),
        "sub_id", subject,
        "events",
            members(
                type,
                members(
                    "event_timestamp", happenedAt.getEpochSecond(), "initiating_entity", "user")));
  }

  String token(String type, Map<String, Object> subject, Instant happenedAt) {
    return sign(claims(type, subject, happenedAt));
  }

  /** Returns a valid event whose claims are changed before it is signed. */
  String token(String type, Map<String, Object> subject, Consumer<Map<String, Object>> change) {
    var claims = claims(type, subject, Instant.now());
    change.accept(claims);
    return sign(claims);
  }

  String sign(Map<String, Object> claims) {
    return sign("secevent+jwt", claims);
  }

  String sign(String type, Map<String, Object> claims) {
    var header = TestIssuer.header(key);
    header.put("typ", type);
    return TestIssuer.sign(key, header, claims);
  }

  /** Returns the claims of a valid logout token. */
  Map<String, Object> logout(String sid, UUID sub) {
    var now = Instant.now().getEpochSecond();
    return members(
        "iss",
        issuer.url(),
        "aud",
        "task-api",
        "jti",
        UUID.randomUUID().toString(),
        "iat",
        now,
        "exp",
        now + 120,
        "sid",
        sid,
        "sub",
        sub.toString(),
        "events",
        members("http://schemas.openid.net/event/backchannel-logout", Map.of()));
  }

  static Map<String, Object> members(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }
}
