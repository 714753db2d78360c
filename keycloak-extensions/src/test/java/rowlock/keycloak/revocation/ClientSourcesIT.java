/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.revocation.Lighthouse.Login;
import rowlock.keycloak.revocation.Lighthouse.Person;

/** Clients and realms that may do nothing any more. */
class ClientSourcesIT extends WatchedRealm {

  private final String client = "client-" + UUID.randomUUID();
  private Person person;
  private Login login;
  private Login other;

  @BeforeEach
  void signInWithAClientAndWithAnother() {
    lighthouse
        .admin()
        .post(
            lighthouse.realm("/clients"),
            "{\"clientId\":\"%s\",\"publicClient\":true,\"directAccessGrantsEnabled\":true}"
                .formatted(client));
    person = lighthouse.person();
    login = lighthouse.login(client, person);
    other = lighthouse.login("lamp", person);
  }

  private String address() {
    var found = lighthouse.admin().get(lighthouse.realm("/clients?clientId=" + client)).path(0);
    return lighthouse.realm("/clients/" + found.path("id").asString());
  }

  private void clientsPartEndedAndNothingElse() {
    eventually(
        () ->
            assertThat(receiver.partsEnded(person.id()))
                .containsExactly(login.sessionId() + " " + client));
    assertThat(receiver.sessionsEnded(person.id())).isEmpty();
    assertThat(lighthouse.lives("lamp", other)).isTrue();
  }

  @Test
  void aClientIsDisabled() {
    lighthouse.admin().put(address(), "{\"clientId\":\"%s\",\"enabled\":false}".formatted(client));

    clientsPartEndedAndNothingElse();
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("admin");
  }

  @Test
  void aClientThatIsSavedGoesOn() {
    lighthouse
        .admin()
        .put(address(), "{\"clientId\":\"%s\",\"name\":\"another\"}".formatted(client));

    assertThat(receiver.about(person.id())).isEmpty();
  }

  @Test
  void aClientIsRemoved() {
    lighthouse.admin().delete(address());

    clientsPartEndedAndNothingElse();
  }

  @Test
  void anAdministratorSaysThatWhatAClientGotUntilATimeDoesNotCount() {
    var issued = Lighthouse.claims(login.accessToken()).path("iat").asLong();
    await().until(() -> Instant.now().getEpochSecond() > issued);
    lighthouse
        .admin()
        .put(address(), "{\"clientId\":\"%s\",\"notBefore\":%d}".formatted(client, issued));
    assertThat(receiver.about(person.id())).isEmpty();

    lighthouse.admin().post(address() + "/push-revocation", "");

    clientsPartEndedAndNothingElse();
    assertThat(receiver.about(person.id()).get(0).claims().path("toe").asLong()).isEqualTo(issued);
  }

  @Test
  void aRealmIsDisabled() {
    // whoever wants to verify what is told has to have the keys of the realm by then
    lighthouse.logout("lamp", other);
    receiver.hears(one -> one.session().equals(other.sessionId()));

    lighthouse.admin().put(lighthouse.realm(""), "{\"enabled\":false}");
    try {
      eventually(
          () ->
              assertThat(receiver.told())
                  .anyMatch(
                      one ->
                          one.subject()
                              .path("tenant")
                              .path("id")
                              .asString("")
                              .equals("lighthouse")));
    } finally {
      lighthouse.admin().put(lighthouse.realm(""), "{\"enabled\":true}");
    }
  }

  @Test
  void aRealmThatIsSavedGoesOn() {
    var soFar = receiver.told().stream().filter(one -> one.subject().has("tenant")).count();

    lighthouse.admin().put(lighthouse.realm(""), "{\"displayName\":\"Lighthouse\"}");

    assertThat(receiver.told().stream().filter(one -> one.subject().has("tenant")).count())
        .isEqualTo(soFar);
    assertThat(lighthouse.lives(client, login)).isTrue();
  }
}
