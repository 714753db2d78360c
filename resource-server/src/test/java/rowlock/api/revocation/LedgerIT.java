/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.ApiServer;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;

/** A row in the ledger revokes a valid token from the next request on. */
class LedgerIT extends ApiServer {
  @Autowired private TestDatabase database;
  @Autowired private MeterRegistry meters;

  private final UUID user = UUID.randomUUID();
  private final Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());

  private String token(String session, Instant issuedAt) {
    var claims = ISSUER.claims(user);
    claims.put("sid", session);
    claims.put("iat", issuedAt.getEpochSecond());
    return TestIssuer.sign(KEY, TestIssuer.header(KEY), claims);
  }

  private int list(String token) {
    return send(request("/api/me/items", token)).statusCode();
  }

  private void endSession(String session) throws SQLException {
    try (var connection = database.connect();
        var insert =
            connection.prepareStatement(
                "insert into rowlock.revoked_session values (?, now() + interval '10 minutes')")) {
      insert.setString(1, session);
      insert.executeUpdate();
    }
  }

  private void closeGate(Instant notBefore, @Nullable Instant removedAt) throws SQLException {
    try (var connection = database.connect();
        var insert =
            connection.prepareStatement(
                "insert into rowlock.account_gate (sub, not_before, removed_at) values (?, ?, ?)")) {
      insert.setObject(1, user);
      insert.setObject(2, OffsetDateTime.ofInstant(notBefore, ZoneOffset.UTC));
      if (removedAt == null) {
        insert.setNull(3, Types.TIMESTAMP_WITH_TIMEZONE);
      } else {
        insert.setObject(3, OffsetDateTime.ofInstant(removedAt, ZoneOffset.UTC));
      }
      insert.executeUpdate();
    }
  }

  @Test
  void an_ended_session_is_refused_and_another_one_is_not() throws SQLException {
    var phone = token("phone", now);
    var laptop = token("laptop", now);
    assertThat(list(phone)).isEqualTo(200);
    endSession("phone");
    var before = revoked();
    var refused = send(request("/api/me/items", phone));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer ")
        .contains("error=\"invalid_token\"");
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(refused.body()).contains("/problems/invalid-token");
    assertThat(revoked() - before).isEqualTo(1);
    assertThat(list(laptop)).isEqualTo(200);
  }

  private double revoked() {
    return meters.get("rowlock.authentication.refused").tag("reason", "revoked").counter().count();
  }

  /** Tokens have whole seconds: one of the second of the revocation may be older. */
  @ParameterizedTest
  @CsvSource({
    "-1,   0, 200",
    "0,   0, 401",
    "0, 999, 401",
    "1,   0, 401",
    "-1, 999, 200",
    "-1, 1, 200"
  })
  void tokenFromBeforeTheRevocation_isRefused(long secondsAfterIat, int millis, int status)
      throws SQLException {
    closeGate(now.plusSeconds(secondsAfterIat).plusMillis(millis), null);
    assertThat(list(token("any", now))).isEqualTo(status);
  }

  /**
   * The issuer issues no token to a removed account, but requests are concurrent and clocks differ.
   */
  @ParameterizedTest
  @CsvSource({"-1, 401", "0, 401", "1, 401", "59, 401", "60, 401", "61, 200"})
  void removedAccount_isRefusedUntilTokenOneMinuteLater(long secondsAfterRemoval, int status)
      throws SQLException {
    var removedAt = now.minusSeconds(secondsAfterRemoval).plusMillis(1);
    closeGate(removedAt, removedAt);
    assertThat(list(token("any", now))).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    |                    |
          HEAD   |                    |
          POST   |                    | {"title":"x"}
          GET    | /%s                |
          GET    | /no-uuid           |
          PUT    | /%s                | {"title":"x"}
          PUT    | /%s                | {"title":7}
          DELETE | /%s                |
          """)
  void everyOperation_refusesRevokedTokens(String method, String path, String body)
      throws SQLException {
    var session = UUID.randomUUID().toString();
    endSession(session);
    var address = "/api/me/items" + (path == null ? "" : path.formatted(UUID.randomUUID()));
    var request = request(address, token(session, now));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    assertThat(
            send(request.method(
                    method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)))
                .statusCode())
        .isEqualTo(401);
  }
}
