/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import rowlock.api.TaskApiApplication;
import rowlock.api.token.TestIssuer;
import rowlock.field.FieldReport;
import rowlock.local.PostgresServer;
import rowlock.local.TestServers;

/** The database dies and comes back; the API says so, and goes on without a restart. */
class DatabaseOutageIT {

  private static final Duration PROMPT = Duration.ofSeconds(3);
  private static final RSAKey KEY = TestIssuer.newKey("key-1");

  private final TestIssuer issuer = new TestIssuer().publish(KEY);
  private final String token = issuer.token(KEY, UUID.randomUUID());
  private final PostgresServer postgres = TestServers.newPostgres();
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext api;

  @BeforeEach
  void start() {
    postgres.createDatabase("outage");
    api =
        new SpringApplicationBuilder(TaskApiApplication.class)
            .run(
                "--server.port=0",
                "--management.server.port=0",
                "--rowlock.issuer=" + issuer.url(),
                "--rowlock.db.url=" + postgres.jdbcUrl("outage"),
                "--rowlock.db.user=tasks",
                "--rowlock.db.password=tasks",
                "--rowlock.db.migration.user=" + postgres.superuser(),
                "--rowlock.db.migration.password=" + postgres.superuserPassword());
  }

  @AfterEach
  void stop() {
    api.close();
    postgres.close();
    issuer.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder tasks(String bearer) {
    return HttpRequest.newBuilder(address("local.server.port", "/api/me/tasks"))
        .header("Authorization", "Bearer " + bearer);
  }

  private URI address(String port, String path) {
    return URI.create("http://localhost:" + api.getEnvironment().getProperty(port) + path);
  }

  private HttpResponse<String> list() {
    return send(tasks(token));
  }

  private HttpResponse<String> probe(String path) {
    return send(HttpRequest.newBuilder(address("local.management.port", path)));
  }

  @FieldReport("https://github.com/brettwooldridge/HikariCP/issues/1056")
  @Test
  void answers_503_at_once_and_recovers_by_itself() {
    assertThat(
            send(tasks(token)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"title\":\"Milk\"}")))
                .statusCode())
        .isEqualTo(201);
    assertThat(probe("/actuator/health/readiness").statusCode()).isEqualTo(200);

    postgres.kill();
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      List<HttpResponse<String>> answers =
          IntStream.range(0, 40).mapToObj(i -> users.submit(this::list)).toList().stream()
              .map(
                  answer -> {
                    try {
                      return answer.get();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  })
              .toList();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
      assertThat(answers)
          .allSatisfy(
              answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
                assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("application/problem+json");
                assertThat(answer.body()).contains("/problems/service-unavailable");
              });
    }
    assertThat(probe("/actuator/health/readiness").statusCode()).isEqualTo(503);
    assertThat(probe("/actuator/health/liveness").statusCode()).isEqualTo(200);
    // A token that is not good is refused as ever.
    assertThat(send(tasks(token + "x")).statusCode()).isEqualTo(401);

    postgres.restart();
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(list().statusCode()).isEqualTo(200));
    assertThat(list().body()).contains("Milk");
    assertThat(probe("/actuator/health/readiness").statusCode()).isEqualTo(200);
  }
}
