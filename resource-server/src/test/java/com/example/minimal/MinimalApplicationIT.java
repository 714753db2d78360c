/* SPDX-License-Identifier: Apache-2.0 */
package com.example.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;

/** The features of an application with the starter, one table and no configuration. */
@RowlockTest(
    properties = {
      "spring.flyway.locations=classpath:com/example/minimal",
      "rowlock.db.schema=public",
      "management.server.port=0"
    })
class MinimalApplicationIT {
  private static final String PROBLEM = "application/problem+json";

  private @Autowired RowlockClient client;
  private @Autowired TestDatabase database;
  private @LocalManagementPort int managementPort;

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains(PROBLEM);
    assertThat(answer.body()).contains("/problems/" + code);
  }

  @Test
  void memo_isReadByItsOwnerOnly() {
    var ann = client.as(UUID.randomUUID());
    var bob = client.as(UUID.randomUUID());

    assertThat(ann.post("/api/me/memos", "{\"text\": \"of Ann\"}").statusCode()).isEqualTo(201);

    assertThat(ann.get("/api/" + ann.owner() + "/memos").body()).contains("of Ann");
    assertThat(bob.get("/api/me/memos").body()).isEqualTo("[]");
    assertProblem(bob.get("/api/" + ann.owner() + "/memos"), 404, "not-found");
  }

  @Test
  void requestWithoutToken_isAProblem() {
    var answer = client.send(client.request("/api/me/memos"));
    assertProblem(answer, 401, "authentication-required");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void invalidContent_isNamedByItsMember() {
    var answer = client.as(UUID.randomUUID()).post("/api/me/memos", "{\"text\": \" \"}");
    assertProblem(answer, 422, "invalid-content");
    assertThat(answer.body()).contains("/text");
  }

  @Test
  void revokedSession_isRefusedByTheNextRequest() {
    var session = UUID.randomUUID().toString();
    var ann = client.as(UUID.randomUUID(), claims -> claims.put("sid", session));
    assertThat(ann.get("/api/me/memos").statusCode()).isEqualTo(200);

    database.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at) values ('"
            + session
            + "', now() + interval '1 hour')");

    assertProblem(ann.get("/api/me/memos"), 401, "invalid-token");
  }

  @Test
  void description_listsThePathsAndTheirProblems() {
    var description = client.send(client.request("/v3/api-docs"));
    assertThat(description.statusCode()).isEqualTo(200);
    assertThat(description.body())
        .contains("/api/{owner}/memos", PROBLEM, "accessToken")
        .doesNotContain("rowlock-test");
  }

  @Test
  void health_isOnTheManagementPort() throws Exception {
    var health =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://localhost:" + managementPort + "/actuator/health"))
                    .build(),
                BodyHandlers.ofString());
    assertThat(health.body()).contains("\"db\"", "\"issuerKeys\"", "\"revocation\"");
    assertProblem(client.send(client.request("/actuator/health")), 401, "authentication-required");
  }
}
