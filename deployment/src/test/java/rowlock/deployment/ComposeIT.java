/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.local.login.AuthorizationCodeFlow;

/** The whole stack in real containers, from the compose file as it is. */
class ComposeIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "a sentence for containers";

  private static Compose stack;

  @BeforeAll
  static void start() {
    stack = Compose.start();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void aPersonSignsInKeepsATaskAndLogoutEndsTheTokenAtOnce() throws Exception {
    AuthorizationCodeFlow flow = flow();
    String person = person();
    var tokens = flow.login(person, PASSWORD);
    assertThat(addTask(tokens.accessToken(), "Water the plants")).isEqualTo(201);
    assertThat(tasks(tokens.accessToken()).body()).contains("Water the plants");

    flow.logout(tokens.requireRefreshToken());

    assertThat(tasks(tokens.accessToken()).statusCode()).isEqualTo(401);
  }

  @Test
  void theBrowsersSideIsThereAndLeadsToTheLoginPage() throws Exception {
    assertThat(send(HttpRequest.newBuilder(URI.create(stack.web("/session")))).body())
        .contains("\"signedIn\":false");
    HttpResponse<String> login = send(HttpRequest.newBuilder(URI.create(stack.web("/login"))));
    String location = login.headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith(stack.keycloak("/realms/rowlock/protocol/openid-connect/auth"));
    assertThat(send(HttpRequest.newBuilder(URI.create(location))).statusCode()).isEqualTo(200);
  }

  @Test
  void dataAndSecretsOutliveTheContainers() throws Exception {
    String person = person();
    addTask(flow().login(person, PASSWORD).accessToken(), "Still here");
    String admin = adminPassword();

    stack.run("down", "--timeout", "20");
    stack.run("up", "--wait", "--wait-timeout", "600");

    assertThat(adminPassword()).isEqualTo(admin);
    assertThat(tasks(flow().login(person, PASSWORD).accessToken()).body()).contains("Still here");
  }

  @Test
  void everyContainerIsHardened() throws Exception {
    for (String container : containers()) {
      JsonNode found = JSON.readTree(stack.docker("inspect", container)).get(0);
      JsonNode host = found.get("HostConfig");
      String name = found.get("Name").asText();
      assertThat(host.get("ReadonlyRootfs").asBoolean()).as(name).isTrue();
      assertThat(host.get("CapDrop").toString()).as(name).contains("ALL");
      assertThat(host.get("SecurityOpt").toString()).as(name).contains("no-new-privileges");
      assertThat(host.get("Memory").asLong()).as(name).isPositive();
      if (!name.contains("-db-")) {
        assertThat(host.get("CapAdd").isNull() || host.get("CapAdd").isEmpty()).as(name).isTrue();
        assertThat(found.at("/Config/User").asText()).as(name).isNotIn("", "0", "root");
      }
    }
  }

  @Test
  void noSecretIsInTheEnvironmentOrInAnImage() throws Exception {
    String admin = adminPassword();
    assertThat(admin).hasSizeGreaterThan(30);
    for (String container : containers()) {
      String found = stack.docker("inspect", container);
      assertThat(found).doesNotContain(admin);
      assertThat(JSON.readTree(found).at("/0/Config/Env").toString())
          .doesNotContainPattern("PASSWORD=[^\"]");
    }
  }

  @Test
  void onlyTheThreePublicPortsAreReachableAndOnlyFromThisMachine() throws Exception {
    for (String container : containers()) {
      JsonNode ports =
          JSON.readTree(stack.docker("inspect", container)).at("/0/HostConfig/PortBindings");
      ports
          .properties()
          .forEach(
              port -> {
                assertThat(port.getKey()).isIn("8000/tcp", "8080/tcp", "8081/tcp");
                assertThat(port.getValue().get(0).get("HostIp").asText()).isEqualTo("127.0.0.1");
              });
    }
  }

  private static List<String> containers() {
    List<String> ids = stack.run("ps", "--quiet").lines().toList();
    assertThat(ids).hasSize(4);
    return ids;
  }

  private static AuthorizationCodeFlow flow() {
    return new AuthorizationCodeFlow(stack.keycloak("/realms/rowlock"), "task-cli");
  }

  private static int addTask(String token, String title) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(stack.api("/api/me/tasks")))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("title", title)))))
        .statusCode();
  }

  private static HttpResponse<String> tasks(String token) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(stack.api("/api/me/tasks")))
            .header("Authorization", "Bearer " + token));
  }

  private static String adminPassword() {
    return stack.run("exec", "-T", "keycloak", "cat", "/run/secrets/admin-password");
  }

  /** Made by an administrator: at the registration form a program is kept out. */
  private static String person() throws Exception {
    String name = "p-" + UUID.randomUUID() + "@example.org";
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(
                    URI.create(stack.keycloak("/realms/master/protocol/openid-connect/token")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "grant_type=password&client_id=admin-cli&username=admin&password="
                            + adminPassword())));
    String token = JSON.readTree(answer.body()).path("access_token").asText();
    Map<String, Object> person =
        Map.of(
            "username",
            name,
            "email",
            name,
            "emailVerified",
            true,
            "enabled",
            true,
            "firstName",
            "Pat",
            "lastName",
            "Container",
            "credentials",
            List.of(Map.of("type", "password", "value", PASSWORD, "temporary", false)));
    HttpResponse<String> made =
        send(
            HttpRequest.newBuilder(URI.create(stack.keycloak("/admin/realms/rowlock/users")))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(person))));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return name;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
