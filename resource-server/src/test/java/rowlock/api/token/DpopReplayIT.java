/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import rowlock.api.ApiServer;
import rowlock.api.test.Prover;
import rowlock.field.FieldReport;
import rowlock.probe.ProbeApplication;
import tools.jackson.databind.json.JsonMapper;

/** A proof of possession is accepted once, on either of two replicas of the API. */
@ExtendWith(OutputCaptureExtension.class)
class DpopReplayIT extends ApiServer {
  private static final String ITEMS = "/api/me/items";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired private Environment environment;
  @Autowired private MeterRegistry metrics;

  private final Prover client = Prover.es256();
  private final String token = ISSUER.token(KEY, client::bind);
  private ConfigurableApplicationContext replica;

  @BeforeEach
  void startTheSecondReplica() {
    replica =
        new SpringApplicationBuilder(ProbeApplication.class)
            .run(
                Stream.concat(
                        Stream.of("--server.port=0", "--management.server.port=0"),
                        Stream.of(
                                "issuer",
                                "public.url",
                                "db.url",
                                "db.user",
                                "db.password",
                                "db.migration.user",
                                "db.migration.password")
                            .map(name -> "rowlock." + name)
                            .map(name -> "--" + name + "=" + environment.getProperty(name)))
                    .toArray(String[]::new));
  }

  @AfterEach
  void stopTheSecondReplica() {
    replica.close();
  }

  private String proof(String method, String path) {
    return client.proof(method, PUBLIC_URL + path, token);
  }

  private HttpRequest.Builder here(String path) {
    return request(path);
  }

  private HttpRequest.Builder there(String path) {
    return HttpRequest.newBuilder(
        URI.create(
            "http://localhost:"
                + replica.getEnvironment().getProperty("local.server.port")
                + path));
  }

  private HttpResponse<String> call(
      HttpRequest.Builder request, String proof, String method, @Nullable String body) {
    request.header("Authorization", "DPoP " + token).header("DPoP", proof);
    if (body == null) {
      return send(request.method(method, BodyPublishers.noBody()));
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> list() {
    return call(here(ITEMS), proof("GET", ITEMS), "GET", null);
  }

  private static void isRefusedAsReplay(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .hasSize(2)
        .anyMatch(
            challenge ->
                challenge.startsWith("DPoP ") && challenge.contains("error=\"invalid_dpop_proof\""))
        .anyMatch(challenge -> challenge.startsWith("Bearer ") && !challenge.contains("error"));
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("/problems/invalid-dpop-proof");
  }

  @FieldReport("https://github.com/spring-projects/spring-security/issues/18120")
  @Test
  void row22_aProofIsGoodOnceOnEveryReplica(CapturedOutput output) {
    var proof = proof("GET", ITEMS);
    var before = replays();
    assertThat(call(here(ITEMS), proof, "GET", null).statusCode()).isEqualTo(200);
    isRefusedAsReplay(call(there(ITEMS), proof, "GET", null));
    isRefusedAsReplay(call(here(ITEMS), proof, "GET", null));
    assertThat(replays()).as("counted here").isEqualTo(before + 1);
    assertThat(output.getOut().lines().filter(line -> line.contains("\"proof_replayed\"")))
        .as("logged on both")
        .hasSize(2);
    assertThat(output.getOut()).doesNotContain(proof);

    assertThat(call(there(ITEMS), proof("GET", ITEMS), "GET", null).statusCode()).isEqualTo(200);
  }

  private double replays() {
    return metrics.counter("rowlock.authentication.refused", "reason", "proof_replayed").count();
  }

  @Test
  void row22_concurrentUsesOfOneProof_oneIsServed() throws Exception {
    for (var round = 0; round < 5; round++) {
      var proof = proof("POST", ITEMS);
      var answers = storm(proof, "{\"title\":\"only once\"}");
      assertThat(answers).hasSize(40).containsOnly(201, 401).containsOnlyOnce(201);
    }
    assertThat(JSON.readTree(list().body()).get("items")).hasSize(5);
  }

  private List<Integer> storm(String proof, String body)
      throws InterruptedException, ExecutionException {
    var start = new CountDownLatch(1);
    List<Future<Integer>> uses = new ArrayList<>();
    try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 40; i++) {
        var request = i % 2 == 0 ? here(ITEMS) : there(ITEMS);
        uses.add(
            users.submit(
                () -> {
                  start.await();
                  return call(request, proof, "POST", body).statusCode();
                }));
      }
      start.countDown();
    }
    List<Integer> answers = new ArrayList<>();
    for (var use : uses) {
      answers.add(use.get());
    }
    return answers;
  }

  @Test
  void row22_severalStatements_areOneUse() {
    var item =
        JSON.readTree(
            call(here(ITEMS), proof("POST", ITEMS), "POST", "{\"title\":\"Milk\"}").body());
    var path = ITEMS + "/" + item.get("id").asString();

    var badBody = proof("PUT", path);
    assertThat(call(here(path), badBody, "PUT", "{\"title\":\"\"}").statusCode()).isEqualTo(422);
    isRefusedAsReplay(call(there(path), badBody, "PUT", "{\"title\":\"Bread\"}"));

    var staleVersion = proof("PUT", path);
    var conditional = here(path).header("If-Match", "\"99\"");
    assertThat(call(conditional, staleVersion, "PUT", "{\"title\":\"Bread\"}").statusCode())
        .isEqualTo(412);
    isRefusedAsReplay(call(there(path), staleVersion, "PUT", "{\"title\":\"Bread\"}"));

    assertThat(call(here(path), proof("GET", path), "GET", null).body()).contains("Milk");
  }

  /** The revocation check runs nevertheless, and with it the proof is used. */
  @Test
  void row22_requestWithoutRows_usesItsProof() {
    var path = "/api/0190a5b4-7c3e-7d21-9a56-3f2b1c0d4e5f/items";
    var proof = proof("GET", path);
    var first = call(here(path), proof, "GET", null);
    assertThat(first.statusCode()).isEqualTo(404);
    isRefusedAsReplay(call(there(path), proof, "GET", null));
  }
}
