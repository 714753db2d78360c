/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.revocation.RevocationRealm.Answer;

/** Receivers that poll. */
class ReconcileIT extends WatchedRealm {
  private static final Map<String, String> FETCHING =
      Map.of("client_id", "fetching-api", "client_secret", "only-for-this-test");

  @Test
  void pages_haveEveryEvent_cursorContinuesAfterThem() {
    var person = realm.person();
    var sessions = new HashSet<String>();
    for (var i = 0; i < 5; i++) {
      var login = realm.login("app", person);
      sessions.add(login.sessionId());
      realm.logout("app", login);
    }

    var found = new HashSet<String>();
    var cursor = "";
    Answer page;
    do {
      page = changes(FETCHING, Map.of("since", cursor, "max", "2"));
      assertThat(page.body().path("sets").size()).isLessThanOrEqualTo(2);
      found.addAll(sessionsIn(page, person));
      cursor = page.body().path("next").asString();
    } while (page.body().path("moreAvailable").asBoolean());

    assertThat(found).containsAll(sessions);
    var later = realm.login("app", person);
    realm.logout("app", later);
    assertThat(sessionsIn(changes(FETCHING, Map.of("since", cursor)), person))
        .contains(later.sessionId());
  }

  @Test
  void pushedEvent_canBePolledToo() throws Exception {
    var key =
        new RSAKeyGenerator(2048)
            .keyID("one")
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.PS256)
            .generate();
    realm.attributes(
        "api",
        Map.of(
            "use.jwks.string", "true",
            "jwks.string", new JWKSet(key.toPublicJWK()).toString(),
            "token.endpoint.auth.signing.alg", "PS256"));
    var person = realm.person();
    realm.logout("app", realm.login("app", person));
    var pushed = receiver.awaitEvent(one -> one.user().equals(person.id()));

    var answer =
        changes(
            Map.of(
                "client_id", "api",
                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion", assertion(key)),
            Map.of());

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    var set = answer.body().path("sets").path(pushed.id()).asString();
    var received = receiver.verified(set);
    assertThat(received.path("toe")).isEqualTo(pushed.claims().path("toe"));
    assertThat(received.path("aud").asString()).isEqualTo("api");
    assertThat(received.path("iat").asLong()).isGreaterThan(Instant.now().getEpochSecond() - 60);
  }

  @Test
  void aReceiverCanAskWhichAccountsExist() {
    var person = realm.person();
    var deleted = realm.person();
    realm.admin().delete(realm.path("/users/" + deleted.id()));
    var master = realm.admin().get("/realms/master/users?max=1").path(0).path("id").asString();

    var answer =
        changes(
            FETCHING,
            Map.of(
                "accounts",
                String.join(
                    " ",
                    person.id(),
                    deleted.id(),
                    master,
                    UUID.randomUUID().toString(),
                    "x' or")));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.body().toString()).isEqualTo("{\"existing\":[\"" + person.id() + "\"]}");
    assertThat(changes(FETCHING, Map.of("accounts", "")).body().path("existing")).isEmpty();
    assertThat(changes(FETCHING, Map.of("accounts", manyIds(1001))).status()).isEqualTo(400);
    assertThat(changes(FETCHING, Map.of("accounts", manyIds(1000))).status()).isEqualTo(200);
    assertThat(
            changes(
                    Map.of("client_id", "stranger", "client_secret", "only-for-this-test"),
                    Map.of("accounts", person.id()))
                .status())
        .isEqualTo(403);
  }

  private static String manyIds(int count) {
    return Stream.generate(() -> UUID.randomUUID().toString())
        .limit(count)
        .collect(Collectors.joining(" "));
  }

  @Test
  void unauthenticatedOrOtherClient_isRefused() {
    assertThat(changes(Map.of(), Map.of()).status()).isEqualTo(401);
    assertThat(
            changes(Map.of("client_id", "fetching-api", "client_secret", "wrong"), Map.of())
                .status())
        .isEqualTo(401);
    // a public client
    assertThat(changes(Map.of("client_id", "app"), Map.of()).status()).isEqualTo(401);
    // a client that is no receiver
    assertThat(
            changes(
                    Map.of("client_id", "stranger", "client_secret", "only-for-this-test"),
                    Map.of())
                .status())
        .isEqualTo(403);
  }

  @Test
  void invalidRequest_isRefused() {
    assertThat(changes(FETCHING, Map.of("since", "yesterday")).status()).isEqualTo(400);
    assertThat(changes(FETCHING, Map.of("max", "0")).status()).isEqualTo(400);
    assertThat(changes(FETCHING, Map.of("max", "1001")).status()).isEqualTo(400);
  }

  private static Answer changes(Map<String, String> client, Map<String, String> question) {
    var form = new HashMap<>(client);
    form.putAll(question);
    return realm.postTo("/rowlock-events/changes", form);
  }

  private static HashSet<String> sessionsIn(Answer answer, RevocationRealm.Person person) {
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    var found = new HashSet<String>();
    answer
        .body()
        .path("sets")
        .forEachEntry(
            (id, set) -> {
              var received =
                  new EventReceiver.ReceivedEvent(receiver.verified(set.asString()), Instant.now());
              assertThat(received.id()).isEqualTo(id);
              if (received.user().equals(person.id())) {
                found.add(received.session());
              }
            });
    return found;
  }

  private static String assertion(RSAKey key) throws Exception {
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.PS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer("api")
                .subject("api")
                .audience(realm.server().issuer(RevocationRealm.REALM))
                .jwtID(UUID.randomUUID().toString())
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(50)))
                .build());
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }
}
