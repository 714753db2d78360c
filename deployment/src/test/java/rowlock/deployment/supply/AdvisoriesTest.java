/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.deployment.supply.Advisories.NoResponseException;

class AdvisoriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OLD = "pkg:maven/org.example/old@1.0";
  private static final String NEW = "pkg:maven/org.example/new@2.0";

  private final List<Integer> batches = new ArrayList<>();
  private HttpServer server;
  private int status = 200;

  /** Returns the result of one query. */
  private Function<JsonNode, String> answer =
      query ->
          Set.of(OLD, Advisories.CONTROL).contains(purl(query))
              ? "{\"vulns\":[{\"id\":\"GHSA-1\"},{\"id\":\"GHSA-2\"}]}"
              : "{}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/querybatch",
        exchange -> {
          var queries = JSON.readTree(exchange.getRequestBody()).path("queries");
          batches.add(queries.size());
          List<String> results = new ArrayList<>();
          queries.forEach(query -> results.add(answer.apply(query)));
          results.removeIf(String::isEmpty);
          var body = ("{\"results\":" + results + "}").getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void affectedPackage_isReported() throws Exception {
    assertThat(asked(OLD, NEW)).isEqualTo(Map.of(OLD, new TreeSet<>(Set.of("GHSA-1", "GHSA-2"))));
  }

  @Test
  void noAdvisories_isAValidResponse() throws Exception {
    assertThat(asked(NEW)).isEmpty();
  }

  @Test
  void furtherPages_areQueried() throws Exception {
    answer =
        query ->
            query.path("page_token").asText().equals("second")
                ? "{\"vulns\":[{\"id\":\"GHSA-9\"}]}"
                : "{\"vulns\":[{\"id\":\"GHSA-1\"}],\"next_page_token\":\"second\"}";
    assertThat(asked(OLD)).isEqualTo(Map.of(OLD, new TreeSet<>(Set.of("GHSA-1", "GHSA-9"))));
  }

  @Test
  void manyPackages_areQueriedInBatches() throws Exception {
    asked(
        IntStream.range(0, 1200)
            .mapToObj(i -> "pkg:maven/org.example/n" + i + "@1")
            .toArray(String[]::new));
    assertThat(batches).containsExactly(500, 500, 201);
  }

  @Test
  void responseWithoutControl_isRejected() {
    answer = query -> "{}";
    assertThatThrownBy(() -> asked(NEW))
        .isInstanceOf(NoResponseException.class)
        .hasMessageContaining("log4j");
  }

  @Test
  void incompleteResponse_isRejected() {
    answer = query -> purl(query).equals(NEW) ? "" : "{\"vulns\":[{\"id\":\"GHSA-1\"}]}";
    assertThatThrownBy(() -> asked(OLD, NEW)).isInstanceOf(NoResponseException.class);
  }

  @Test
  void errorStatus_isRejected() {
    status = 405;
    assertThatThrownBy(() -> asked(NEW))
        .isInstanceOf(NoResponseException.class)
        .hasMessageContaining("405");
  }

  @Test
  void unreachableService_isReported() {
    server.stop(0);
    assertThatThrownBy(() -> asked(NEW))
        .isInstanceOf(NoResponseException.class)
        .hasMessageContaining("is unreachable");
  }

  @Test
  void scripts_areQueriedByTheirNpmNameToo() {
    assertThat(Advisories.purls(part("org.webjars.npm:lit-html")))
        .containsExactly("pkg:maven/org.webjars.npm/lit-html@3.0", "pkg:npm/lit-html@3.0");
    assertThat(Advisories.purls(part("org.webjars:swagger-ui")))
        .contains("pkg:npm/swagger-ui-dist@3.0");
  }

  @Test
  void keycloakServer_isQueriedWithItsCore() {
    assertThat(Advisories.purls(part("org.keycloak:keycloak-core")))
        .contains("pkg:maven/org.keycloak/keycloak-services@3.0");
  }

  @Test
  void acceptedAdvisory_needsReasonAndDate() {
    var file = new Properties();
    file.setProperty("GHSA-1", "2027-01-31 we never call it");
    var accepted = AcceptedAdvisories.of(file);
    assertThat(accepted.has("GHSA-1", LocalDate.of(2027, 1, 31))).isTrue();
    assertThat(accepted.has("GHSA-1", LocalDate.of(2027, 2, 1))).isFalse();
    assertThat(accepted.has("GHSA-2", LocalDate.of(2026, 1, 1))).isFalse();
    file.setProperty("GHSA-2", "2027-01-31");
    assertThatThrownBy(() -> AcceptedAdvisories.of(file)).hasMessageContaining("without a reason");
  }

  @Test
  void acceptedAdvisories_areReadable() {
    assertThat(AcceptedAdvisories.read().until()).isNotNull();
  }

  private Map<String, ?> asked(String... purls) throws NoResponseException {
    var service = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    return new Advisories(service).of(List.of(purls));
  }

  private static String purl(JsonNode query) {
    return query.path("package").path("purl").asText();
  }

  private static Component part(String coordinates) {
    return new Component(coordinates, "3.0", "", Set.of(), "", false);
  }
}
