/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.field.FieldReport;

/** Erasure of due accounts by several replicas, with an issuer that reports existing accounts. */
@ExtendWith(OutputCaptureExtension.class)
class ErasureJobIT {
  private static final String[] SETTINGS = {
    "--rowlock.events.poll.interval=1s",
    "--rowlock.erasure.retention=2s",
    "--logging.level.rowlock.api.revocation=info"
  };

  private final RSAKey key = TestIssuer.newKey("key-1");
  private final TestIssuer issuer = new TestIssuer().publish(key);
  private final TestOutbox outbox = new TestOutbox(issuer.url());
  private final Events events = new Events(issuer, key);
  private final TestDatabase database = TestDatabase.create();
  private final UUID user = UUID.randomUUID();

  @BeforeEach
  void answer() {
    issuer.answering("/rowlock-events/changes", outbox::handle);
  }

  @AfterEach
  void close() {
    issuer.close();
  }

  private void removeWithRows() {
    try (var replica = start()) {
      database.asSuperuser(
          "insert into probe.item (owner_id, title) values ('%s', 'x')".formatted(user));
      await()
          .until(
              () ->
                  replica.push(events.token(Events.PURGED, events.user(user), Instant.now()))
                      == 202);
      assertThat(replica.list(token())).isEqualTo(401);
      assertThat(metric(replica, "rowlock_erasures_total{outcome=\"erased\"}")).isZero();
      assertThat(rows()).isEqualTo(1);
    }
  }

  private Replica start() {
    return Replica.start(issuer, database, SETTINGS);
  }

  private String token() {
    var claims = issuer.claims(user);
    return TestIssuer.sign(key, TestIssuer.header(key), claims);
  }

  private long rows() {
    var rows =
        new JdbcTemplate(database.superuserDataSource())
            .queryForObject("select count(*) from probe.item", Long.class);
    return rows == null ? 0 : rows;
  }

  private static double metric(Replica replica, String name) {
    var value =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " ([0-9.E]+)$")
            .matcher(replica.management("/actuator/prometheus").body());
    assertThat(value.find()).as(name).isTrue();
    return Double.parseDouble(value.group(1));
  }

  @Test
  void afterTheRestartOneOfTwoReplicasErasesWhatHasBecomeDue(CapturedOutput output) {
    removeWithRows();
    try (var one = start();
        var two = start()) {
      await().until(() -> rows() == 0);
      await()
          .untilAsserted(
              () -> {
                assertThat(metric(one, "rowlock_erasures_pending")).isZero();
                assertThat(metric(two, "rowlock_erasures_pending")).isZero();
              });
      assertThat(
              metric(one, "rowlock_erasures_total{outcome=\"erased\"}")
                  + metric(two, "rowlock_erasures_total{outcome=\"erased\"}"))
          .isEqualTo(1);
      assertThat(
              metric(one, "rowlock_erasures_rows_total")
                  + metric(two, "rowlock_erasures_rows_total"))
          .isEqualTo(1);
      assertThat(output)
          .containsOnlyOnce(
              "Erased the rows of owner=%s after their retention period: {\"probe.item\": 1}"
                  .formatted(user));
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/28255")
  @Test
  void anAccountThatExistsAtTheIssuerKeepsItsRows(CapturedOutput output) {
    outbox.existing(Set.of(user.toString()));
    removeWithRows();
    try (var replica = start()) {
      await().until(() -> metric(replica, "rowlock_erasures_total{outcome=\"kept\"}") == 1);
      assertThat(rows()).isEqualTo(1);
      assertThat(output)
          .contains("Account %s exists at the issuer; its rows are kept".formatted(user));
    }
  }

  @Test
  void issuerWithoutAccountQuery_eventsDecide() {
    outbox.existing(null);
    removeWithRows();
    try (var replica = start()) {
      await().until(() -> rows() == 0);
      assertThat(metric(replica, "rowlock_erasures_total{outcome=\"erased\"}")).isEqualTo(1);
    }
  }

  @Test
  void nothingIsErasedWhileTheIssuerDoesNotAnswer() {
    removeWithRows();
    outbox.answer(500);
    try (var replica = start()) {
      await().until(() -> metric(replica, "rowlock_erasures_overdue_seconds") > 2);
      assertThat(rows()).isEqualTo(1);
      outbox.answer(200);
      await().until(() -> rows() == 0);
      await().until(() -> metric(replica, "rowlock_erasures_overdue_seconds") == 0);
    }
  }

  @Test
  void failure_isCountedLoggedAndRetried(CapturedOutput output) {
    removeWithRows();
    database.asSuperuser(
        "create schema other",
        "create table other.kept (owner_id uuid, id uuid,"
            + " foreign key (owner_id, id) references probe.item)",
        "insert into other.kept select owner_id, id from probe.item");
    try (var replica = start()) {
      await().until(() -> metric(replica, "rowlock_erasures_total{outcome=\"failed\"}") == 1);
      assertThat(output).contains("Erasure of the rows of owner=" + user + " failed: ");
      assertThat(rows()).isEqualTo(1);
      database.asSuperuser(
          "drop schema other cascade",
          "update rowlock.account_gate set erase_failed_at = now() - interval '6 minutes'");
      await().until(() -> rows() == 0);
    }
  }
}
