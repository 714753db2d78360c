/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import rowlock.local.login.DeviceFlow;
import rowlock.local.login.DpopKey;
import rowlock.local.login.Tokens;
import rowlock.product.TestProduct;
import rowlock.product.journey.Person.Answer;
import rowlock.realm.Realm;

/** Checks DPoP-bound tokens end to end: they are unusable without the client's key. */
class DpopJourneyIT {
  private static final String TASKS = "/api/me/tasks";

  private final Rowlock rowlock = Rowlock.shared();
  private final DpopKey key = DpopKey.generate();
  private final String email = "p" + UUID.randomUUID() + "@example.org";

  private Tokens register() {
    return rowlock.signIn().withKey(key).register(email, TestProduct.PASSWORD, "", "");
  }

  private Answer send(String token, String proof, String method, String path, String body) {
    return Person.send(
        HttpRequest.newBuilder(rowlock.api(path))
            .header("Authorization", "DPoP " + token)
            .header("DPoP", proof)
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build());
  }

  private Answer send(Tokens tokens, String method, String path, String body) {
    var token = tokens.accessToken();
    return send(token, key.proof(method, rowlock.publicUrl(path), token), method, path, body);
  }

  private Answer list(Tokens tokens) {
    return send(tokens, "GET", TASKS, null);
  }

  @Test
  void boundToken_withProofOfItsKey_isAccepted() {
    var tokens = register();
    var person = new Person(rowlock, email, tokens);

    assertThat(tokens.type()).isEqualTo("DPoP");
    assertThat(person.claims().at("/cnf/jkt").asString()).isEqualTo(key.thumbprint());

    var created = send(tokens, "POST", TASKS, "{\"title\":\"Water the plants\"}");
    assertThat(created.status()).isEqualTo(201);
    var path = TASKS + "/" + created.json().path("id").asString();
    assertThat(send(tokens, "GET", path, null).json()).isEqualTo(created.json());
    assertThat(send(tokens, "PATCH", path + "/complete", null).status()).isEqualTo(200);
    assertThat(send(tokens, "DELETE", path, null).status()).isEqualTo(204);
  }

  @Test
  void refreshedAndDeviceTokens_withProof_areAccepted() {
    var first = register();

    var refreshed = rowlock.signIn().withKey(key).refresh(first.requireRefreshToken());
    assertThat(refreshed.type()).isEqualTo("DPoP");
    assertThat(list(refreshed).status()).isEqualTo(200);

    var device =
        new DeviceFlow(rowlock.keycloak().issuer(Realm.NAME), "task-cli")
            .withKey(key)
            .login(email, TestProduct.PASSWORD);
    assertThat(device.type()).isEqualTo("DPoP");
    assertThat(list(device).status()).isEqualTo(200);
  }

  @Test
  void stolenToken_withoutItsKey_isRejected() {
    var tokens = register();
    var token = tokens.accessToken();

    var asBearer = Person.send(rowlock, "Bearer " + token, "GET", TASKS, null);
    assertThat(asBearer.status()).isEqualTo(401);
    assertThat(asBearer.body()).contains("/problems/invalid-token");

    var thief = DpopKey.generate();
    var withAnotherKey =
        send(token, thief.proof("GET", rowlock.publicUrl(TASKS), token), "GET", TASKS, null);
    assertThat(withAnotherKey.status()).isEqualTo(401);
    assertThat(withAnotherKey.body()).contains("/problems/invalid-dpop-proof");

    var overheard = key.proof("GET", rowlock.publicUrl(TASKS), token);
    assertThat(send(token, overheard, "GET", TASKS, null).status()).isEqualTo(200);
    assertThat(send(token, overheard, "GET", TASKS, null).status()).isEqualTo(401);
    assertThat(send(token, overheard, "DELETE", TASKS + "/" + UUID.randomUUID(), null).status())
        .isEqualTo(401);
    assertThat(list(tokens).status()).isEqualTo(200);
  }
}
