/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;

/** Events without a push are polled: at the start, in turns, and no more often than necessary. */
@ExtendWith(OutputCaptureExtension.class)
class ReconciliationIT {
  private static final String OFTEN = "--rowlock.events.poll.interval=1s";
  private static final String SELDOM = "--rowlock.events.poll.interval=10m";
  private static final String PATIENT = "--rowlock.events.silence=1h";

  private final RSAKey key = TestIssuer.newKey("key-1");
  private final TestIssuer issuer = new TestIssuer().publish(key);
  private final TestOutbox outbox = new TestOutbox(issuer.url());
  private final Events events = new Events(issuer, key);
  private final TestDatabase database = TestDatabase.create();
  private final UUID user = UUID.randomUUID();

  @AfterEach
  void close() {
    issuer.close();
  }

  private void tells() {
    issuer.answering("/rowlock-events/changes", outbox::handle);
  }

  private String ended(String session) {
    return events.token(
        Events.SESSION_REVOKED, events.session(session, user), Instant.now().minusSeconds(5));
  }

  /** Returns a token of the user that is older than every event. */
  private String token(String session) {
    var issuedAt = Instant.now().minusSeconds(60);
    var claims = issuer.claims(user);
    claims.put("sid", session);
    claims.put("iat", issuedAt.getEpochSecond());
    claims.put("exp", issuedAt.plusSeconds(300).getEpochSecond());
    return TestIssuer.sign(key, TestIssuer.header(key), claims);
  }

  @Test
  void start_pollsEventsOfDowntime_onAllReplicas() {
    tells();
    for (var i = 0; i < 5; i++) {
      outbox.add(ended("s" + i));
    }
    try (var one = Replica.start(issuer, database, SELDOM, PATIENT);
        var two = Replica.start(issuer, database, SELDOM, PATIENT)) {
      await().until(() -> one.list(token("s4")) == 401);
      for (var i = 0; i < 5; i++) {
        assertThat(one.list(token("s" + i))).isEqualTo(401);
        assertThat(two.list(token("s" + i))).isEqualTo(401);
      }
      await().until(() -> two.list(token("other")) == 200);
    }
    assertThat(outbox.requests().getFirst()).doesNotContainKey("since");
    // the second replica went on where the first had stopped, or asked at the same time
    assertThat(outbox.requests()).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void lostPush_isPolledWithinAnInterval(CapturedOutput output) {
    tells();
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(token("s")) == 200);
      outbox.add(ended("s"));
      await().atMost(Duration.ofSeconds(4)).until(() -> replica.list(token("s")) == 401);
      assertThat(replica.management("/actuator/health").body()).contains("\"asking\":\"answered\"");
      var metrics = replica.management("/actuator/prometheus").body();
      assertThat(metrics)
          .contains("rowlock_events_received_total{channel=\"poll\",outcome=\"applied\"} 1")
          .contains("rowlock_events_delay_seconds_count 1")
          .containsPattern("rowlock_events_silence_seconds [0-3]\\.");
    }
    assertThat(output).doesNotContain("\tat ");
  }

  @Test
  void severalReplicas_pollNoMoreOftenThanOne() {
    tells();
    try (var one = Replica.start(issuer, database, OFTEN);
        var two = Replica.start(issuer, database, OFTEN);
        var three = Replica.start(issuer, database, OFTEN)) {
      await()
          .until(() -> one.list(token("s")) + two.list(token("s")) + three.list(token("s")) == 600);
      var before = outbox.requests().size();
      var start = Instant.now();
      await().atMost(Duration.ofSeconds(20)).until(() -> outbox.requests().size() >= before + 5);
      assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(3_100));
    }
  }

  @Test
  void pushedAndPolledEvent_isAppliedOnce() {
    tells();
    var event = ended("s");
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(token("s")) == 200);
      assertThat(replica.push(event)).isEqualTo(202);
      outbox.add(event);
      await()
          .until(
              () ->
                  replica
                      .management("/actuator/prometheus")
                      .body()
                      .contains(
                          "rowlock_events_received_total{channel=\"poll\",outcome=\"repeated\"} 1"));
      assertThat(replica.push(event)).isEqualTo(202);
    }
  }

  @Test
  void responseOverTheLimit_isAFailure() {
    tells();
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> health(replica).contains("\"asking\":\"answered\""));
      outbox.answer(
          "{\"sets\":{},\"next\":\"1\",\"padding\":\"%s\"}".formatted("x".repeat(3_000_000)));
      await().until(() -> health(replica).contains("\"asking\":\"failing\""));
    }
  }

  @Test
  void pushBeforeKeys_isAnsweredWithRetry() {
    issuer.answering(500);
    try (var replica = Replica.start(issuer, database, SELDOM, PATIENT)) {
      assertThat(replica.push(ended("s"))).isEqualTo(503);
      issuer.answering(200);
      await().atMost(Duration.ofSeconds(60)).until(() -> replica.push(ended("s")) == 202);
    }
  }

  private static String health(Replica replica) {
    return replica.management("/actuator/health").body();
  }

  @Test
  void invalidEvents_doNotBlockValidOnes() {
    tells();
    outbox.add("garbage");
    outbox.add(new Events(issuer, TestIssuer.newKey("key-1")).sign(Map.of("iss", issuer.url())));
    outbox.add(ended("s"));
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(token("s")) == 401);
      await().until(() -> "3".equals(outbox.requests().getLast().get("since")));
    }
  }

  /** An event of a removed account with a foreign key violation does not block other events. */
  @Test
  void failedEvent_doesNotBlockOthers(CapturedOutput output) {
    tells();
    outbox.add(events.token(Events.PURGED, events.user(user), Instant.now().minusSeconds(5)));
    outbox.add(ended("s"));
    outbox.add(ended("t"));
    String[] closed = {
      OFTEN,
      "--rowlock.events.silence=2s",
      "--rowlock.events.fail.closed=true",
      "--rowlock.erasure.retention=0"
    };
    outbox.answer(500);
    try (var replica = Replica.start(issuer, database, closed)) {
      database.asSuperuser(
          "create schema other",
          "create table other.kept (owner_id uuid, id uuid, foreign key (owner_id, id) references probe.item)",
          "insert into probe.item (owner_id, title) values ('%s', 'a row')".formatted(user),
          "insert into other.kept select owner_id, id from probe.item");
      outbox.answer(200);

      await().until(() -> replica.list(token("s")) == 401 && replica.list(token("t")) == 401);
      await().until(() -> outbox.requests().size() > 8);
      assertThat(replica.list(token("other"))).isEqualTo(200);
      assertThat(health(replica)).contains("\"asking\":\"answered\"");
      assertThat(replica.management("/actuator/prometheus").body())
          .contains("rowlock_events_failed_total{channel=\"poll\"}");
      assertThat(output)
          .doesNotContain("Revocation ledger unavailable")
          .contains("it will be retried");

      database.asSuperuser("drop schema other cascade");
      await().until(() -> "3".equals(outbox.requests().getLast().get("since")));
    }
  }

  @Test
  void failClosedWithoutPolling_isLogged(CapturedOutput output) {
    String[] closed = {OFTEN, "--rowlock.events.silence=2s", "--rowlock.events.fail.closed=true"};
    try (var replica = Replica.start(issuer, database, closed)) {
      await().until(() -> output.toString().contains("ROWLOCK_EVENTS_FAIL_CLOSED is true"));
      assertThat(health(replica)).contains("\"asking\":\"absent\"");
    }
  }

  /** The next poll begins before the events that could not be verified. */
  @Test
  void eventOfUnknownKey_isPolledAgain() {
    tells();
    var next = TestIssuer.newKey("key-2");
    outbox.add(
        new Events(issuer, next)
            .token(Events.SESSION_REVOKED, events.session("s", user), Instant.now()));
    outbox.add(ended("t"));
    outbox.add(ended("u"));
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(token("u")) == 401);
      assertThat(replica.list(token("t"))).isEqualTo(401);
      var before = outbox.requests().size();
      await().until(() -> outbox.requests().size() >= before + 3);
      assertThat(outbox.requests().subList(before, before + 3))
          .anySatisfy(question -> assertThat(question).doesNotContainKey("since"));
      assertThat(replica.list(token("s"))).isEqualTo(200);
    }
  }

  @Test
  void poll_isAuthenticatedByThePublishedKey() {
    tells();
    outbox.add(ended("s"));
    outbox.knows("{\"keys\":[]}");
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> outbox.requests().size() >= 2);
      assertThat(replica.list(token("s"))).isEqualTo(200);
      var published = replica.get("/.well-known/jwks.json").body();
      assertThat(published).doesNotContain("\"d\"");
      outbox.knows(published);
      await().until(() -> replica.list(token("s")) == 401);
    }
  }

  @Test
  void replicasShareTheKeyOfTheFile(@TempDir Path folder) throws Exception {
    var file = folder.resolve("client.jwk");
    Files.writeString(file, TestIssuer.newKey("our-key").toJSONString());
    var setting = "--rowlock.client.key.file=" + file;
    try (var one = Replica.start(issuer, database, SELDOM, PATIENT, setting);
        var two = Replica.start(issuer, database, SELDOM, PATIENT, setting)) {
      var published = one.get("/.well-known/jwks.json").body();
      assertThat(published).contains("our-key").contains("PS256").doesNotContain("\"d\"");
      assertThat(two.get("/.well-known/jwks.json").body()).isEqualTo(published);
    }
  }

  @Test
  void failingIssuer_isLoggedOnce_requestsContinue(CapturedOutput output) {
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> output.toString().contains("it has no endpoint to poll"));
      tells();
      for (var status : new int[] {404, 401, 403, 500, 302}) {
        outbox.answer(status);
        awaitTwoMore();
      }
      outbox.answer(200);
      for (var body :
          new String[] {
            "no json",
            "[]",
            "{}",
            "{\"sets\":[]}",
            "{\"sets\":{\"a\":1}}",
            "{\"sets\":{},\"next\":7,\"moreAvailable\":true}"
          }) {
        outbox.answer(body);
        awaitTwoMore();
      }
      await().until(() -> replica.list(token("s")) == 200);
      assertThat(replica.management("/actuator/health/readiness").statusCode()).isEqualTo(200);
      assertThat(output.toString().split("Revocation events not received from issuer", -1))
          .hasSize(3);
      assertThat(output).doesNotContain("\tat ");
    }
  }

  private void awaitTwoMore() {
    var before = outbox.requests().size();
    await().until(() -> outbox.requests().size() >= before + 2);
  }

  @Test
  void unknownCursor_isDiscarded() {
    tells();
    outbox.add(ended("s"));
    try (var replica = Replica.start(issuer, database, OFTEN)) {
      await().until(() -> replica.list(token("s")) == 401);
      outbox.forgetCursors();
      outbox.add(ended("t"));
      await().until(() -> replica.list(token("t")) == 401);
    }
  }

  @Test
  void failClosed_requestsAreRefusedUntilContact() {
    tells();
    outbox.answer(500);
    String[] closed = {OFTEN, "--rowlock.events.silence=2s", "--rowlock.events.fail.closed=true"};
    try (var replica = Replica.start(issuer, database, closed)) {
      await().until(() -> replica.list(token("s")) == 503);
      assertThat(replica.management("/actuator/health/readiness").statusCode()).isEqualTo(503);
      assertThat(replica.get("/problems/not-found").statusCode()).isEqualTo(200);
      outbox.answer(200);
      await().until(() -> replica.list(token("s")) == 200);
      assertThat(replica.management("/actuator/health/readiness").statusCode()).isEqualTo(200);
      outbox.answer(500);
      await().until(() -> replica.list(token("s")) == 503);
      assertThat(replica.push(ended("t"))).as("a push is a word, too").isEqualTo(202);
      assertThat(replica.list(token("s"))).isEqualTo(200);
    }
  }

  @Test
  void failOpen_requestsAreServedWithoutContact() {
    try (var replica = Replica.start(issuer, database, OFTEN, "--rowlock.events.silence=2s")) {
      await()
          .until(() -> replica.management("/actuator/health").body().contains("\"silent\":true"));
      await().until(() -> replica.list(token("s")) == 200);
      assertThat(replica.management("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
  }
}
