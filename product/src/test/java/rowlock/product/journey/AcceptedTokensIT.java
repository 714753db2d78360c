/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.Tokens;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks which of Keycloak's access tokens the API accepts, and how it refuses the others. */
@ExtendWith(OutputCaptureExtension.class)
class AcceptedTokensIT {
  private static final String CLIENTS = "/realms/" + Realm.NAME + "/clients";

  private final Rowlock rowlock = Rowlock.shared();
  private final AdminApi admin = new AdminApi(rowlock.keycloak());

  @Test
  void tokenOfServiceAccount_isRejectedForItsMissingSession(CapturedOutput output) {
    var id =
        client(
            client -> {
              client.put("publicClient", false).put("secret", "a-secret-of-this-test");
              client.put("serviceAccountsEnabled", true).put("standardFlowEnabled", false);
              client.putArray("redirectUris");
            });
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    rowlock.keycloak().issuer(Realm.NAME) + "/protocol/openid-connect/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "grant_type=client_credentials&client_secret=a-secret-of-this-test&client_id="
                        + id))
            .build();
    var issued = Person.send(request);
    assertThat(issued.status()).as(issued.body()).isEqualTo(200);

    rejected(issued.json().path("access_token").asString(), "bad_claim", "sid", id, output);
  }

  @Test
  void lightweightToken_isRejectedForItsMissingClaims(CapturedOutput output) {
    var id =
        client(
            client ->
                ((ObjectNode) client.get("attributes"))
                    .put("client.use.lightweight.access.token.enabled", true));
    rejected(signIn(id).accessToken(), "bad_claim", "aud", id, output);
  }

  @Test
  void tokenOfUserOutsideTheDatabase_isRejectedForItsSubject(CapturedOutput output) {
    var id = client(client -> mapper(client, "sub", "f:a7f3c5de-0000-4000-8000-5e1f00000000:ada"));
    rejected(signIn(id).accessToken(), "bad_subject", "sub", id, output);
  }

  @Test
  void tokenForAnotherAudience_isRejectedForIt(CapturedOutput output) {
    var id =
        client(
            client -> {
              var scopes = client.putArray("defaultClientScopes");
              scopes.add("basic").add("acr").add("email");
              mapper(client, "aud", "another-api");
            });
    rejected(signIn(id).accessToken(), "wrong_audience", "aud", id, output);
  }

  @Test
  void tokenOfClientThatMayOnlyRead_readsAndChangesNothing() {
    var id = client(client -> scopes(client, "tasks.read"));
    var reader = new Person(rowlock, "reader", signIn(id));

    assertThat(reader.get("/api/me/tasks").status()).isEqualTo(200);
    insufficient(reader.send("POST", "/api/me/tasks", "{\"title\": \"a task\"}"), "tasks.write");
    insufficient(reader.send("DELETE", "/api/me", null), "tasks.write");
    assertThat(reader.get("/api/me/tasks").json().path("items")).isEmpty();
  }

  @Test
  void tokenOfClientWithoutTheScopesOfTasks_isInsufficient() {
    var id = client(client -> scopes(client, "profile"));
    var stranger = new Person(rowlock, "stranger", signIn(id));

    insufficient(stranger.get("/api/me/tasks"), "tasks.read");
    insufficient(stranger.send("POST", "/api/me/tasks", "{\"title\": \"a\"}"), "tasks.write");
  }

  private static void scopes(ObjectNode client, String scope) {
    client.putArray("defaultClientScopes").add("basic").add("acr").add("task-api").add(scope);
  }

  private static void insufficient(Person.Answer answer, String scope) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("WWW-Authenticate"))
        .contains("error=\"insufficient_scope\", scope=\"" + scope + "\"");
    assertThat(answer.json().path("scope").asString()).isEqualTo(scope);
  }

  private void rejected(
      String token, String reason, String claim, String client, CapturedOutput output) {
    var answer = Person.send(rowlock, "Bearer " + token, "GET", "/api/me/tasks", null);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate"))
        .contains("error=\"invalid_token\"", "claim=\"" + claim + "\"");
    assertThat(output.getOut())
        .containsPattern(
            "\"event\":\"authentication_refused\",\"reason\":\""
                + reason
                + "\".*\"client_id\":\""
                + client
                + "\",\"claim\":\""
                + claim
                + "\"")
        .doesNotContain(token);
  }

  private Tokens signIn(String client) {
    var person = rowlock.newPerson();
    return new AuthorizationCodeFlow(rowlock.keycloak().issuer(Realm.NAME), client)
        .login(person.email(), TestProduct.PASSWORD);
  }

  /** Creates a client like {@code task-cli} with changes, and returns its id. */
  private String client(Consumer<ObjectNode> change) {
    var id = "test-" + UUID.randomUUID();
    var client = (ObjectNode) admin.get(CLIENTS + "?clientId=task-cli").get(0).deepCopy();
    client.remove("id");
    client.put("clientId", id);
    for (var mapper : client.path("protocolMappers")) {
      ((ObjectNode) mapper).remove("id");
      ((ObjectNode) mapper.get("config")).put("claim.value", id);
    }
    change.accept(client);
    admin.post(CLIENTS, client.toString());
    return id;
  }

  private static void mapper(ObjectNode client, String claim, String value) {
    var mapper = ((ArrayNode) client.get("protocolMappers")).get(0).deepCopy().asObject();
    mapper.put("name", claim);
    ((ObjectNode) mapper.get("config")).put("claim.name", claim).put("claim.value", value);
    ((ArrayNode) client.get("protocolMappers")).add(mapper);
  }
}
