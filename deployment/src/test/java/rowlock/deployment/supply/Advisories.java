/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Queries OSV for known vulnerabilities of packages
 * (https://google.github.io/osv.dev/post-v1-querybatch/). OSV collects the advisories of GitHub,
 * npm and others. Each query includes a control package with a known advisory; a response without
 * it is rejected.
 */
final class Advisories {
  static final URI OSV = URI.create("https://api.osv.dev/");

  /** The control package: Log4Shell. */
  static final String CONTROL = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";

  private static final int BATCH = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI service;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  Advisories(URI service) {
    this.service = service.resolve("v1/querybatch");
  }

  /** Reports that there was no valid response. */
  static final class NoResponseException extends Exception {
    private static final long serialVersionUID = 1;

    NoResponseException(String reason) {
      super(reason);
    }
  }

  private record Question(String purl, String page) {}

  /**
   * Returns the identifiers of the advisories for each affected package.
   *
   * @param purls package URLs with version and without qualifiers
   */
  SortedMap<String, SortedSet<String>> of(Collection<String> purls) throws NoResponseException {
    SortedMap<String, SortedSet<String>> known = new TreeMap<>();
    List<Question> open = new ArrayList<>();
    Stream.concat(Stream.of(CONTROL), purls.stream().distinct())
        .forEach(purl -> open.add(new Question(purl, "")));
    while (!open.isEmpty()) {
      var batch = open.subList(0, Math.min(BATCH, open.size()));
      var further = ask(batch, known);
      batch.clear();
      open.addAll(further);
    }
    if (known.remove(CONTROL) == null) {
      throw new NoResponseException(
          service + " has no advisory for the control package " + CONTROL);
    }
    return known;
  }

  /** Returns the queries whose results have another page. */
  private List<Question> ask(List<Question> batch, SortedMap<String, SortedSet<String>> known)
      throws NoResponseException {
    var results = send(body(batch)).path("results");
    if (results.size() != batch.size()) {
      throw new NoResponseException(
          service + " gives " + results.size() + " answers to " + batch.size() + " questions");
    }
    List<Question> further = new ArrayList<>();
    for (var i = 0; i < batch.size(); i++) {
      var purl = batch.get(i).purl();
      for (var advisory : results.get(i).path("vulns")) {
        known.computeIfAbsent(purl, p -> new TreeSet<>()).add(advisory.path("id").asText());
      }
      if (results.get(i).hasNonNull("next_page_token")) {
        further.add(new Question(purl, results.get(i).get("next_page_token").asText()));
      }
    }
    return further;
  }

  private static String body(List<Question> batch) {
    var body = JSON.createObjectNode();
    var queries = body.putArray("queries");
    for (var question : batch) {
      var query = queries.addObject();
      query.putObject("package").put("purl", question.purl());
      if (!question.page().isEmpty()) {
        query.put("page_token", question.page());
      }
    }
    return body.toString();
  }

  private JsonNode send(String body) throws NoResponseException {
    var request =
        HttpRequest.newBuilder(service)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new NoResponseException(service + " answers " + answer.statusCode());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new NoResponseException(service + " is unreachable: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoResponseException("interrupted");
    }
  }

  /**
   * Returns the package URLs to query for a component: its own, and that of the package it was made
   * from if advisories are filed there.
   */
  static Stream<String> purls(Component part) {
    var names = part.coordinates().split(":");
    var itself = "pkg:maven/" + names[0] + "/" + names[1] + "@" + part.version();
    return switch (part.coordinates()) {
      // a script that is packaged as a jar
      case "org.webjars:swagger-ui" ->
          Stream.of(
              itself,
              "pkg:npm/swagger-ui@" + part.version(),
              "pkg:npm/swagger-ui-dist@" + part.version());
      // part of the server that the extension runs in, and whose image we ship
      case "org.keycloak:keycloak-core" ->
          Stream.of("core", "services", "quarkus-server", "model-jpa", "server-spi-private")
              .map(name -> "pkg:maven/org.keycloak/keycloak-" + name + "@" + part.version());
      default ->
          names[0].equals("org.webjars.npm")
              ? Stream.of(itself, "pkg:npm/" + names[1] + "@" + part.version())
              : Stream.of(itself);
    };
  }
}
