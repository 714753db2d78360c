/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.revocation.RevocationRealm.Login;
import rowlock.keycloak.revocation.RevocationRealm.Person;

/** Clients and realms that are disabled, removed or cut by a not-before time. */
class ClientSourcesIT extends WatchedRealm {
  private final String client = "client-" + UUID.randomUUID();
  private Person person;
  private Login login;
  private Login other;

  @BeforeEach
  void signInWithAClientAndWithAnother() {
    realm
        .admin()
        .post(
            realm.path("/clients"),
            "{\"clientId\":\"%s\",\"publicClient\":true,\"directAccessGrantsEnabled\":true}"
                .formatted(client));
    person = realm.person();
    login = realm.login(client, person);
    other = realm.login("app", person);
  }

  private String address() {
    var found = realm.admin().get(realm.path("/clients?clientId=" + client)).path(0);
    return realm.path("/clients/" + found.path("id").asString());
  }

  private void clientsPartEndedAndNothingElse() {
    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " " + client));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(realm.lives("app", other)).isTrue();
  }

  @Test
  void aClientIsDisabled() {
    realm.admin().put(address(), "{\"clientId\":\"%s\",\"enabled\":false}".formatted(client));

    clientsPartEndedAndNothingElse();
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("admin");
  }

  @Test
  void client_savedWithoutDisabling_isNotReported() {
    realm.admin().put(address(), "{\"clientId\":\"%s\",\"name\":\"another\"}".formatted(client));

    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void aClientIsRemoved() {
    realm.admin().delete(address());

    clientsPartEndedAndNothingElse();
  }

  @Test
  void clientNotBefore_pushed_revokesItsTokensUntilThen() {
    var issued = RevocationRealm.claims(login.accessToken()).path("iat").asLong();
    await().until(() -> Instant.now().getEpochSecond() > issued);
    realm
        .admin()
        .put(address(), "{\"clientId\":\"%s\",\"notBefore\":%d}".formatted(client, issued));
    assertThat(receiver.about(person.id())).isEmpty();

    realm.admin().post(address() + "/push-revocation", "");

    clientsPartEndedAndNothingElse();
    assertThat(receiver.about(person.id()).get(0).claims().path("toe").asLong()).isEqualTo(issued);
  }

  @Test
  void aRealmIsDisabled() {
    // a receiver fetches the keys before: a disabled realm does not publish them
    realm.logout("app", other);
    receiver.awaitEvent(one -> one.session().equals(other.sessionId()));

    realm.admin().put(realm.path(""), "{\"enabled\":false}");
    try {
      eventually(
          () ->
              assertThat(receiver.received())
                  .anyMatch(
                      one ->
                          one.subject()
                              .path("tenant")
                              .path("id")
                              .asString("")
                              .equals("revocation")));
    } finally {
      realm.admin().put(realm.path(""), "{\"enabled\":true}");
    }
  }

  @Test
  void realm_savedWithoutDisabling_isNotReported() {
    var soFar = receiver.received().stream().filter(one -> one.subject().has("tenant")).count();

    realm.admin().put(realm.path(""), "{\"displayName\":\"Revocation\"}");

    assertThat(receiver.received().stream().filter(one -> one.subject().has("tenant")).count())
        .isEqualTo(soFar);
    assertThat(realm.lives(client, login)).isTrue();
  }
}
