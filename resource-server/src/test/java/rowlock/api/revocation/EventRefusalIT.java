/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.api.test.TestIssuer;
import tools.jackson.databind.json.JsonMapper;

/** Forged, old, misdirected and malformed events have no effect, and are counted and logged. */
@ExtendWith(OutputCaptureExtension.class)
class EventRefusalIT extends EventClient {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final RSAKey STRANGER = TestIssuer.newKey("key-1");
  private static final RSAKey UNKNOWN = TestIssuer.newKey("key-9");

  @Autowired private MeterRegistry metrics;

  /** Makes the body from the subject's session and the claims of an event that would end it. */
  private interface Attack extends BiFunction<EventRefusalIT, Map<String, Object>, String> {}

  private static Arguments refused(String name, String err, String reason, Attack attack) {
    return Arguments.argumentSet(name, err, reason, attack);
  }

  private static Arguments claim(
      String name, String err, String reason, String claim, Object value) {
    return refused(
        name,
        err,
        reason,
        (test, claims) -> {
          if (value.equals("absent")) {
            claims.remove(claim);
          } else {
            claims.put(claim, value);
          }
          return EVENTS.sign(claims);
        });
  }

  private static Arguments subject(
      String name, String type, BiFunction<EventRefusalIT, Map<String, Object>, Object> subject) {
    return refused(
        name,
        "invalid_request",
        "event_malformed",
        (test, claims) -> {
          claims.put("sub_id", subject.apply(test, EVENTS.user(test.user)));
          claims.put("events", Map.of(type, Map.of()));
          return EVENTS.sign(claims);
        });
  }

  static Stream<Arguments> attacks() {
    var now = Instant.now().getEpochSecond();
    var request = "invalid_request";
    return Stream.of(
        refused("garbage", request, "malformed_token", (test, claims) -> "garbage"),
        refused("nothing", request, "malformed_token", (test, claims) -> ""),
        refused("too long", request, "token_too_long", (test, claims) -> "a.b." + "c".repeat(5000)),
        refused("with a line end", request, "malformed_token", (t, c) -> EVENTS.sign(c) + "\n"),
        refused(
            "unsigned",
            "invalid_key",
            "wrong_algorithm",
            (t, c) -> TestIssuer.sign(KEY, header("alg", "none"), c)),
        refused(
            "signed by a stranger under the issuer's key id",
            "authentication_failed",
            "bad_signature",
            (t, c) -> TestIssuer.sign(STRANGER, header("typ", "secevent+jwt"), c)),
        refused(
            "of an unknown key",
            "invalid_key",
            "unknown_key",
            (t, c) -> TestIssuer.sign(UNKNOWN, header("kid", "key-9"), c)),
        refused(
            "with a key of its own",
            "invalid_key",
            "embedded_key",
            (t, c) ->
                TestIssuer.sign(STRANGER, header("jwk", STRANGER.toPublicJWK().toJSONObject()), c)),
        refused(
            "signed by another algorithm",
            "invalid_key",
            "wrong_algorithm",
            (t, c) -> TestIssuer.sign(KEY, header("alg", "RS256"), c)),
        refused(
            "changed afterwards",
            "authentication_failed",
            "bad_signature",
            (t, c) -> {
              var good = EVENTS.sign(c).split("\\.");
              c.put("jti", "another");
              return good[0] + "." + EVENTS.sign(c).split("\\.")[1] + "." + good[2];
            }),
        refused("a logout token", request, "wrong_type", (t, c) -> EVENTS.sign("logout+jwt", c)),
        refused("an access token", request, "wrong_type", (t, c) -> t.token(t.now)),
        refused("an ID token", request, "wrong_type", (t, c) -> EVENTS.sign("JWT", c)),
        claim("of another issuer", "invalid_issuer", "wrong_issuer", "iss", "https://a.example"),
        claim("of no issuer", "invalid_issuer", "wrong_issuer", "iss", "absent"),
        claim("for another receiver", "invalid_audience", "wrong_audience", "aud", "task-web"),
        claim(
            "for several receivers",
            "invalid_audience",
            "wrong_audience",
            "aud",
            List.of("task-api", "task-web")),
        claim("without audience", "invalid_audience", "wrong_audience", "aud", "absent"),
        claim("without a name", request, "bad_claim", "jti", "absent"),
        claim("with a nonce", request, "bad_claim", "nonce", "n"),
        claim("with a subject", request, "bad_claim", "sub", UUID.randomUUID().toString()),
        claim("with an expiry", request, "bad_claim", "exp", now + 60),
        claim("without a date", request, "bad_claim", "iat", "absent"),
        claim("dated as text", request, "bad_claim", "iat", "" + now),
        claim("six minutes old", request, "event_not_current", "iat", now - 360),
        claim("of the future", request, "event_not_current", "iat", now + 90),
        claim("of no time", request, "event_malformed", "toe", "absent"),
        claim("of a time as text", request, "event_malformed", "toe", "" + now),
        claim("of a negative time", request, "event_malformed", "toe", -1),
        claim("that has yet to happen", request, "event_malformed", "toe", now + 30),
        claim("without events", request, "event_malformed", "events", "absent"),
        claim("with no event", request, "event_malformed", "events", Map.of()),
        claim(
            "with two events",
            request,
            "event_malformed",
            "events",
            Map.of(Events.SESSION_REVOKED, Map.of(), "https://example.org/unknown", Map.of())),
        claim(
            "with an event that is no object",
            request,
            "event_malformed",
            "events",
            Map.of(Events.SESSION_REVOKED, "x")),
        claim("without subject", request, "event_malformed", "sub_id", "absent"),
        subject("about an address", Events.DISABLED, (t, u) -> Events.members("format", "email")),
        subject(
            "about a user of another issuer",
            Events.DISABLED,
            (t, u) -> {
              u.put("iss", "https://other.example");
              return u;
            }),
        subject(
            "about a user that is no UUID",
            Events.DISABLED,
            (t, u) -> {
              u.put("sub", "alice");
              return u;
            }),
        subject(
            "about the nil UUID",
            Events.DISABLED,
            (t, u) -> {
              u.put("sub", new UUID(0, 0).toString());
              return u;
            }),
        subject("that disables a session", Events.DISABLED, (t, u) -> EVENTS.session("s", t.user)),
        subject("that disables everybody", Events.DISABLED, (t, u) -> Events.realm()),
        subject(
            "that ends a client's part of nothing",
            Events.SESSION_REVOKED,
            (t, u) ->
                Events.members(
                    "format", "complex", "user", u, "application", Events.opaque("task-cli"))),
        subject(
            "about something narrower that is not known here",
            Events.SESSION_REVOKED,
            (t, u) ->
                Events.members("format", "complex", "user", u, "device", Events.opaque("phone"))),
        subject(
            "about a session without a name",
            Events.SESSION_REVOKED,
            (t, u) -> Events.members("format", "complex", "session", Events.opaque(""))));
  }

  private static Map<String, Object> header(String name, Object value) {
    Map<String, Object> header = new LinkedHashMap<>(TestIssuer.header(KEY));
    header.put("typ", "secevent+jwt");
    header.put(name, value);
    return header;
  }

  private double refusals(String reason) {
    return metrics.counter("rowlock.authentication.refused", "reason", reason).count();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void isRefused(String err, String reason, Attack attack, CapturedOutput output) {
    var claims = EVENTS.claims(Events.SESSION_REVOKED, EVENTS.session(session, user), now);
    var before = refusals(reason);

    var answer = push(attack.apply(this, claims));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("Content-Language")).isPresent();
    assertThat(JSON.readTree(answer.body()).propertyNames()).containsExactly("err", "description");
    assertThat(JSON.readTree(answer.body()).get("err").asString()).isEqualTo(err);
    assertThat(refusals(reason) - before).isEqualTo(1);
    assertThat(output.toString())
        .contains("\"event\":\"security_event_refused\",\"reason\":\"" + reason + "\"");
    assertThat(list(token(now.minusSeconds(60)))).isEqualTo(200);
    assertThat(rows("rowlock.account_gate", "sub = '" + user + "'")).isZero();
  }

  @Test
  void unchangedEvent_isAccepted() {
    assertThat(
            push(EVENTS.token(Events.SESSION_REVOKED, EVENTS.session(session, user), now))
                .statusCode())
        .isEqualTo(202);
    assertThat(list(token(now))).isEqualTo(401);
  }

  @Test
  void clocksMayDifferByAMinute() {
    for (var seconds : new int[] {-55, 55, -290}) {
      var token =
          EVENTS.token(
              Events.SESSION_REVOKED,
              EVENTS.session(session, user),
              claims -> {
                claims.put("iat", now.getEpochSecond() + seconds);
                claims.put("toe", now.getEpochSecond() + seconds);
              });
      assertThat(push(token).statusCode()).isEqualTo(202);
    }
  }

  static Stream<Arguments> logouts() {
    var now = Instant.now().getEpochSecond();
    return Stream.of(
        Arguments.argumentSet("with a nonce", "nonce", "n"),
        Arguments.argumentSet("without an expiry", "exp", "absent"),
        Arguments.argumentSet("that lives too long", "exp", now + 200),
        Arguments.argumentSet("that expires before it is issued", "exp", now - 1),
        Arguments.argumentSet("without sid and sub", "sub", "neither"),
        Arguments.argumentSet("of no session", "sid", 7),
        Arguments.argumentSet("of a user that is no UUID", "sub", "alice"),
        Arguments.argumentSet("without the event", "events", Map.of("x", Map.of())),
        Arguments.argumentSet(
            "with another event too",
            "events",
            Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of(), "x", Map.of())),
        Arguments.argumentSet("for another audience", "aud", "task-web"),
        Arguments.argumentSet("of another issuer", "iss", "https://a.example"));
  }

  @ParameterizedTest
  @MethodSource("logouts")
  void invalidLogoutToken_isRefused(String claim, Object value) {
    var claims = EVENTS.logout(session, user);
    if (value.equals("neither")) {
      claims.remove("sid");
      claims.remove("sub");
    } else if (value.equals("absent")) {
      claims.remove(claim);
    } else {
      claims.put(claim, value);
    }
    isRefusedAsLogout("logout_token=" + EVENTS.sign("logout+jwt", claims));
  }

  @Test
  void expiredLogoutToken_withinEventAge_isRefused() {
    var claims = EVENTS.logout(session, user);
    claims.put("iat", now.getEpochSecond() - 200);
    claims.put("exp", now.getEpochSecond() - 90);
    isRefusedAsLogout("logout_token=" + EVENTS.sign("logout+jwt", claims));
  }

  @Test
  void otherToken_doesNotLogOut() {
    var good = EVENTS.sign("logout+jwt", EVENTS.logout(session, user));
    isRefusedAsLogout("");
    isRefusedAsLogout("token=" + good);
    isRefusedAsLogout("logout_token=" + good + "&logout_token=" + good);
    isRefusedAsLogout("logout_token=%zz");
    isRefusedAsLogout("logout_token=" + EVENTS.sign("JWT", EVENTS.logout(session, user)));
    isRefusedAsLogout(
        "logout_token=" + EVENTS.token(Events.SESSION_REVOKED, EVENTS.session(session, user), now));
    isRefusedAsLogout("logout_token=" + token(now));
  }

  private void isRefusedAsLogout(String form) {
    var answer =
        send(
            request("/backchannel-logout")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).get("error").asString()).isEqualTo("invalid_request");
    assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    assertThat(list(token(now))).isEqualTo(200);
  }

  @Test
  void wrongMethodTypeSizeOrCharset_isRefused() {
    var good = EVENTS.token(Events.SESSION_REVOKED, EVENTS.session(session, user), now);
    assertThat(send(request("/events").GET()).statusCode()).isEqualTo(405);
    assertThat(send(request("/backchannel-logout").GET()).statusCode()).isEqualTo(405);
    assertThat(send(typed("application/jwt", good)).statusCode()).isEqualTo(415);
    assertThat(send(typed("application/json", good)).statusCode()).isEqualTo(415);
    assertThat(send(typed("application/secevent+jwt; charset=utf-16", good)).statusCode())
        .isEqualTo(415);
    assertThat(send(request("/events").POST(BodyPublishers.ofString(good))).statusCode())
        .isEqualTo(415);
    assertThat(send(typed("application/secevent+jwt", "x".repeat(17_000))).statusCode())
        .isEqualTo(413);
    assertThat(list(token(now))).isEqualTo(200);
    assertThat(send(typed("application/secevent+jwt", good)).statusCode()).isEqualTo(202);
    assertThat(list(token(now))).isEqualTo(401);
  }

  private HttpRequest.Builder typed(String type, String body) {
    return request("/events").header("Content-Type", type).POST(BodyPublishers.ofString(body));
  }
}
