/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.probe.ProbeApplication;

/** One of the API processes that share a database. */
final class Replica implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ConfigurableApplicationContext api;

  private Replica(ConfigurableApplicationContext api) {
    this.api = api;
  }

  static Replica start(TestIssuer issuer, TestDatabase database, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--rowlock.issuer=" + issuer.url()));
    database.settings().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    arguments.addAll(List.of(settings));
    return new Replica(
        new SpringApplicationBuilder(ProbeApplication.class).run(arguments.toArray(String[]::new)));
  }

  int list(String token) {
    return send(request("/api/me/items").header("Authorization", "Bearer " + token)).statusCode();
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  int push(String event) {
    return send(request("/events")
            .header("Content-Type", "application/secevent+jwt")
            .POST(BodyPublishers.ofString(event)))
        .statusCode();
  }

  HttpResponse<String> management(String path) {
    return send(HttpRequest.newBuilder(address("local.management.port", path)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address("local.server.port", path));
  }

  private URI address(String port, String path) {
    return URI.create("http://localhost:" + api.getEnvironment().getRequiredProperty(port) + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
