/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import rowlock.api.ApiServer;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;

/** A test issuer that sends events to the running API, and creates tokens of users. */
abstract class EventClient extends ApiServer {
  static final Events EVENTS = new Events(ISSUER, KEY);

  @Autowired TestDatabase database;

  /** The current second. */
  final Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());

  final UUID user = UUID.randomUUID();
  final String session = UUID.randomUUID().toString();

  HttpResponse<String> push(String event) {
    return send(
        request("/events")
            .header("Content-Type", "application/secevent+jwt")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(event)));
  }

  void pushed(String type, Map<String, Object> subject, Instant happenedAt) {
    assertThat(push(EVENTS.token(type, subject, happenedAt)).statusCode()).isEqualTo(202);
  }

  String token(UUID of, String sid, String client, Instant issuedAt) {
    var claims = ISSUER.claims(of);
    claims.put("sid", sid);
    claims.put("client_id", client);
    claims.put("iat", issuedAt.getEpochSecond());
    claims.put("exp", issuedAt.getEpochSecond() + 300);
    return TestIssuer.sign(KEY, TestIssuer.header(KEY), claims);
  }

  /** A token of the user's session. */
  String token(Instant issuedAt) {
    return token(user, session, "task-cli", issuedAt);
  }

  int list(String token) {
    return send(request("/api/me/items", token)).statusCode();
  }

  JdbcTemplate superuser() {
    return new JdbcTemplate(database.superuserDataSource());
  }

  long rows(String table, String condition) {
    var count =
        superuser()
            .queryForObject("select count(*) from " + table + " where " + condition, Long.class);
    return count == null ? 0 : count;
  }
}
