/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;

/** The starter in an application that has its own beans of the same kinds. */
@RowlockTest(
    properties = {
      "spring.flyway.locations=classpath:com/example/shop",
      "rowlock.db.schema=public",
      "management.server.port=0",
      "management.endpoints.web.exposure.include=health,prices",
      "management.endpoint.prices.access=read-only"
    })
class CoexistenceIT {
  private @Autowired RowlockClient client;
  private @Autowired TestDatabase database;
  private @Autowired Ledger ledger;
  private @Autowired DataSource rows;
  private @Autowired JdbcTemplate jdbc;

  @Autowired
  @Qualifier("reporting")
  private JdbcTemplate reporting;

  private @LocalManagementPort int managementPort;

  @DynamicPropertySource
  static void reportingDatabase(DynamicPropertyRegistry settings) {
    var other = TestDatabase.create();
    settings.add("shop.reporting.url", other::url);
    settings.add("shop.reporting.user", other::migrationUser);
    settings.add("shop.reporting.password", other::migrationPassword);
  }

  private OwnerClient revoked() {
    var session = UUID.randomUUID().toString();
    var owner = client.as(UUID.randomUUID(), claims -> claims.put("sid", session));
    database.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at) values ('"
            + session
            + "', now() + interval '1 hour')");
    return owner;
  }

  private HttpResponse<String> send(String path) {
    return client.send(client.request(path));
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("/problems/" + code);
  }

  // the application's own filter chain

  @Test
  void filterChain_ofTheApplication_isForItsPathsOnly() {
    assertThat(send("/public/prices").body()).isEqualTo("prices");
    assertProblem(send("/api/me/orders"), 401, "authentication-required");
    assertProblem(send("/anything"), 401, "authentication-required");
  }

  @Test
  void publicPath_reachesNoRows() {
    client.as(UUID.randomUUID()).post("/api/me/orders", "{\"title\": \"an order\"}");
    assertThat(send("/public/orders").statusCode()).isEqualTo(500);
  }

  // the application's own exception handlers

  @Test
  void exceptionHandler_answersExceptionsOfTheApplication() {
    var ann = client.as(UUID.randomUUID());
    var answer = ann.post("/api/me/orders/rare", "{}");
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("out of stock");
    assertThat(ann.post("/api/me/orders/broken", "{}").body()).isEqualTo("handled by the shop");
  }

  @Test
  void generalExceptionHandler_doesNotAnswerEngineProblems() {
    var ann = client.as(UUID.randomUUID());
    assertProblem(ann.get("/api/" + UUID.randomUUID() + "/orders"), 404, "not-found");
    assertProblem(
        ann.post("/api/me/orders", "{\"title\": \"" + "x".repeat(20_000) + "\"}"),
        413,
        "content-too-large");
  }

  @Test
  void exceptionHandlerForEverything_doesNotAnswerARevokedToken() {
    assertProblem(revoked().get("/api/me/orders"), 401, "invalid-token");
    assertProblem(revoked().post("/api/me/orders/rare", "{}"), 401, "invalid-token");
    assertProblem(revoked().post("/api/me/orders/broken", "{}"), 401, "invalid-token");
    assertProblem(revoked().get("/api/me/orders/refunds"), 401, "invalid-token");
  }

  // method security

  @Test
  void methodSecurity_seesTheScopesOfTheToken() {
    var clerk = client.as(UUID.randomUUID(), claims -> claims.put("scope", "openid refund"));
    assertThat(clerk.get("/api/me/orders/refunds").body()).isEqualTo("refunds of " + clerk.owner());
    assertProblem(
        client.as(UUID.randomUUID()).get("/api/me/orders/refunds"), 403, "insufficient-scope");
  }

  // actuator, description, CORS

  @Test
  void actuator_hasTheEndpointAndTheHealthOfTheApplication() throws Exception {
    assertThat(management("/actuator/prices")).contains("apple");
    assertThat(management("/actuator/health")).contains("payments", "issuerKeys");
    assertProblem(send("/actuator/prices"), 401, "authentication-required");
  }

  private String management(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void description_isTheApplicationsWithTheProblemsOfTheEngine() {
    assertThat(send("/v3/api-docs").body()).contains("The shop", "application/problem+json");
    assertThat(send("/v3/api-docs/orders").body())
        .contains("The shop", "me, or the sub of the access token", "application/problem+json");
  }

  @Test
  void corsRules_ofTheApplication_apply() {
    var preflight =
        client.send(
            client
                .request("/api/me/orders")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://shop.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization"));
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://shop.example");
  }

  // other beans and the database

  @Test
  void beansOfTheApplication_keepTheirNamesAndReplaceTheClock() {
    assertThat(ledger.zone()).isEqualTo("Europe/Vienna");
  }

  @Test
  void secondDataSource_isUsedWhereItIsNamedOnly() {
    var ann = client.as(UUID.randomUUID());
    assertThat(ann.post("/api/me/orders", "{\"title\": \"an order\"}").statusCode()).isEqualTo(201);
    assertThat(ann.get("/api/me/orders").body()).contains("an order");
    assertThat(jdbc.getDataSource()).isSameAs(rows);
    assertThat(reporting.queryForObject("select to_regclass('orders')::text", String.class))
        .as("the table of the other database")
        .isNull();
  }

  @Test
  void migrations_mayBeRepeatableAndHaveCallbacks() {
    assertThat(
            new JdbcTemplate(database.superuserDataSource())
                .queryForList(
                    "select description from pg_description where objoid = 'orders'::regclass",
                    String.class))
        .containsExactlyInAnyOrder("Orders of the shop", "one line");
  }
}
