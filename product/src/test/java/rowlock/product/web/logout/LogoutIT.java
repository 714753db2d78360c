/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.product.web.LossyIssuerProxy;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Logout by the page and by Keycloak, and requests that must not end a session. */
class LogoutIT {
  private static final String BACK_CHANNEL = "/logout/connect/back-channel/rowlock";

  private final TestWeb web = TestWeb.shared();

  @FieldReport("https://github.com/openbikesensor/portal/issues/217")
  @Test
  void logout_endsTheSessionHereAndAtKeycloak() {
    var visitor = web.visitor().registered();
    var session = visitor.keycloakSession();

    var answer = visitor.send("POST", "/logout", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Visitor.json(answer).path("complete").asBoolean()).isTrue();
    assertThat(Visitor.json(answer).path("next").asString()).isEqualTo("/");

    assertThat(visitor.session().path("reason").asString()).isEqualTo("signed-out");
    assertThat(visitor.get("/api/me/tasks").statusCode()).isEqualTo(401);
    var left = web.admin().get(TestWeb.REALM + "/users?email=" + visitor.email());
    var subject = left.get(0).path("id").asString();
    assertThat(web.admin().get(TestWeb.REALM + "/users/" + subject + "/sessions").toString())
        .doesNotContain(session);
    var login = visitor.browser().open(web.at("/login"));
    assertThat(login.hasForm("kc-form-login")).as("no silent sign-in afterwards").isTrue();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/21599")
  @Test
  void backChannelLogout_endsTheSessionOnAllNodes() {
    var other = web.startNode();
    var visitor = web.visitor().registered();
    var session = visitor.keycloakSession();

    web.admin().delete(TestWeb.REALM + "/sessions/" + session);

    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> visitor.session().path("reason").asString().equals("ended"));
    var there = Visitor.http(visitor.request(other, "/api/me/tasks").build());
    assertThat(there.statusCode()).isEqualTo(401);
    assertThat(Visitor.json(there).path("reason").asString()).isEqualTo("ended");
  }

  @Test
  void logout_keepsOtherSessionsOfTheUser() {
    var laptop = web.visitor().registered();
    var phone = web.visitor();
    phone.signIn(laptop.email(), "/login");

    laptop.send("POST", "/logout", null);

    assertThat(phone.get("/api/me/tasks").statusCode()).isEqualTo(200);
  }

  @Test
  void forgedLogoutTokens_areRejected() throws Exception {
    var visitor = web.visitor().registered();
    var own = new RSAKeyGenerator(2048).keyID("own").generate();
    var claims = claims(visitor);
    var signed =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.PS256)
                .keyID("own")
                .type(new JOSEObjectType("logout+jwt"))
                .build(),
            claims);
    signed.sign(new RSASSASigner(own));
    List<String> forged =
        List.of(
            signed.serialize(),
            new PlainJWT(claims).serialize(),
            "not a token",
            "",
            claims.toString());

    for (var token : forged) {
      var answer = send("logout_token=" + token);
      assertThat(answer.statusCode()).as(token).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_request\"}");
    }
    assertThat(send("").statusCode()).isEqualTo(400);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }

  @FieldReport("https://github.com/Michad/tilegroxy/issues/883")
  @Test
  void forgedKeyIds_causeFewKeyFetches() throws Exception {
    var visitor = web.visitor().registered();
    var key = new RSAKeyGenerator(2048).generate();
    try (var issuer = new LossyIssuerProxy(web.keycloak())) {
      var node = web.startNode(issuer.setting());
      for (var i = 0; i < 12; i++) {
        var own = new RSAKey.Builder(key).keyID("unknown-" + i).build();
        var signed =
            new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.PS256)
                    .keyID(own.getKeyID())
                    .type(new JOSEObjectType("logout+jwt"))
                    .build(),
                claims(visitor));
        signed.sign(new RSASSASigner(own));
        var answer =
            Visitor.http(
                HttpRequest.newBuilder(URI.create(node + BACK_CHANNEL))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("logout_token=" + signed.serialize()))
                    .build());
        assertThat(answer.statusCode()).isIn(400, 503);
      }
      assertThat(issuer.keyFetches()).isBetween(1, 3);
    }
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }

  @Test
  void logout_withoutCsrfToken_isRejected() {
    var visitor = web.visitor().registered();
    var bare = visitor.request(web.address(), "/logout").POST(BodyPublishers.noBody());
    assertThat(visitor.send(bare).statusCode()).isEqualTo(403);
    assertThat(visitor.session().path("signedIn").asBoolean()).isTrue();
  }

  private JWTClaimsSet claims(Visitor visitor) {
    return new JWTClaimsSet.Builder()
        .issuer(web.issuer())
        .audience("task-web")
        .subject(visitor.subject())
        .claim("sid", visitor.keycloakSession())
        .jwtID(UUID.randomUUID().toString())
        .issueTime(Date.from(Instant.now()))
        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
        .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))
        .build();
  }

  private HttpResponse<String> send(String form) {
    return Visitor.http(
        HttpRequest.newBuilder(web.at(BACK_CHANNEL))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build());
  }
}
