/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import rowlock.local.keycloak.KeycloakServer;

/**
 * Proxy between a node and Keycloak. It counts key fetches and, while it is losing, drops the
 * responses of the token and introspection endpoints.
 */
public final class LossyIssuerProxy implements AutoCloseable {
  private final HttpServer server;
  private final URI keycloak;
  private final String realm = TestWeb.REALM;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger keyFetches = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile boolean losing;

  public LossyIssuerProxy(KeycloakServer keycloak) {
    this.keycloak = keycloak.url();
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::pass);
    server.start();
  }

  /** Returns the setting with which a node uses this proxy. */
  public String setting() {
    return "--rowlock.issuer.metadata.uri="
        + address()
        + realm
        + "/.well-known/openid-configuration";
  }

  /** Starts or stops dropping responses. */
  public void setLosing(boolean value) {
    losing = value;
  }

  /** Returns the number of dropped responses. */
  public int lostResponses() {
    return lost.get();
  }

  /** Returns the number of key fetches. */
  public int keyFetches() {
    return keyFetches.get();
  }

  private String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().toString();
      var body = exchange.getRequestBody().readAllBytes();
      var request =
          HttpRequest.newBuilder(keycloak.resolve(path))
              .method(
                  exchange.getRequestMethod(),
                  body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
      for (var name : new String[] {"Content-Type", "Accept", "Authorization"}) {
        var value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          request.header(name, value);
        }
      }
      var answer = http.send(request.build(), BodyHandlers.ofByteArray());
      if (path.endsWith("/certs")) {
        keyFetches.incrementAndGet();
      }
      if (losing && (path.endsWith("/token") || path.endsWith("/introspect"))) {
        lost.incrementAndGet();
        return; // closes the connection without a response
      }
      var content = answer.body();
      if (path.endsWith("/.well-known/openid-configuration")) {
        content = metadata(content);
      }
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Replaces the addresses of the endpoints that servers use with those of this proxy. */
  private byte[] metadata(byte[] content) {
    var text = new String(content, StandardCharsets.UTF_8);
    for (var endpoint : new String[] {"token", "token/introspect", "certs", "logout"}) {
      var path = realm + "/protocol/openid-connect/" + endpoint + '"';
      text = text.replace(keycloak.resolve(path.replace("\"", "")) + "\"", address() + path);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
